package io.rowrelay.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.chaos.FaultDeck.Planned;
import io.rowrelay.it.chaos.FaultDeck.Round;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.sandbox.shop.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A campaign for a stream of 20 tables: faults come while transactions over several tables go on, and readers of the destination look
 * for states that never were. Used once, by one thread.
 */
final class CutRun {
    private static final String STREAM = "shop";
    private static final Map<String, String> POSTGRES = Map.of("fsync", "off", "max_connections", "60");

    private final CampaignSettings settings;
    private final CampaignDirectory directory;
    private final LinkedStack stack;
    private final Journal journal;
    private final Fleet producers;
    private final Fleet consumers;
    private final List<String> findings = new ArrayList<>();
    private int probes;

    private CutRun(CampaignSettings settings, CampaignDirectory directory, LinkedStack stack) {
        this.settings = settings;
        this.directory = directory;
        this.stack = stack;
        this.journal = new Journal(directory.journal());
        this.producers = new Fleet(
                "producer", environment(stack.producerEnvironment()), directory.logs(), stack.processes(), journal);
        this.consumers = new Fleet(
                "consumer", environment(stack.consumerEnvironment()), directory.logs(), stack.processes(), journal);
    }

    private static Map<String, String> environment(Map<String, String> plain) {
        Map<String, String> environment = new HashMap<>(plain);
        environment.put("STREAM", STREAM);
        environment.replaceAll((name, value) -> name.endsWith("_DB_URL") ? value + "?socketTimeout=20" : value);
        environment.put("CAPTURE_CHECK_INTERVAL", "5s");
        return environment;
    }

    /** Runs one from nothing to its findings, and fails with them. */
    static void run(CampaignSettings settings) throws InterruptedException {
        CampaignDirectory directory = CampaignDirectory.create(settings);
        try (LinkedStack stack = LinkedStack.startIn(directory.stack(), POSTGRES, settings.brokers())) {
            new CutRun(settings, directory, stack).run();
        }
        directory.deleteData();
    }

    private void run() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(settings.seed());
        journal.note(
                "campaign of %s, seed %d, replay: %s".formatted(settings.length(), settings.seed(), settings.replay()));
        prepare();
        try (producers;
                consumers) {
            producers.start().process().awaitReady();
            consumers.start().process().awaitReady();
            ShopActivity activity = new ShopActivity();
            watch("the start");
            activity.start(stack.source().jdbcUrl(), stack.destination().jdbcUrl(), random.split());
            FaultDeck deck = new FaultDeck(faults(), random.split(), settings.brief());
            long endNanos = System.nanoTime() + settings.length().toNanos();
            while (System.nanoTime() < endNanos && !(settings.brief() && deck.isThrough())) {
                round(deck.next());
            }
            journal.note("no more faults; the sessions end");
            activity.finish();
            end(activity);
        }
        assertThat(findings)
                .as("what the campaign found; all is kept in " + directory.path())
                .isEmpty();
    }

    private void prepare() {
        String source = stack.source().jdbcUrl();
        String destination = stack.destination().jdbcUrl();
        for (String url : List.of(source, destination)) {
            try (Connection connection = Databases.connect(url)) {
                Shop.createTables(connection);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
            Databases.execute(url, Numbers.create());
            // Nobody else writes to it: a customer can be gone before it arrives.
            Databases.execute(url, "CREATE TABLE shop.probe (number integer PRIMARY KEY)");
        }
        Databases.execute(source, "SELECT cdc_stream('" + STREAM + "', '" + Shop.PATTERN + "')");
        Databases.execute(destination, "SELECT cdc_destination_stream('" + STREAM + "')");
        // All rows from the first on come through the stream.
        try (Connection connection = Databases.connect(source)) {
            connection.setAutoCommit(false);
            Shop.insertRows(connection);
            connection.commit();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private List<Fault> faults() {
        Losses losses = new Losses();
        List<Fault> all = new ArrayList<>();
        for (Fleet fleet : List.of(producers, consumers)) {
            all.addAll(List.of(DaemonFault.kill(fleet), DaemonFault.stop(fleet), DaemonFault.freeze(fleet)));
        }
        all.add(new KilledInOutage(producers, Fault.Target.PRODUCER, stack.producerToBroker()));
        all.add(new KilledInOutage(consumers, Fault.Target.CONSUMER, stack.consumerToDestination()));
        all.addAll(CompanyFaults.of(producers, consumers, stack.source().jdbcUrl()));
        all.addAll(ServerFaults.of(stack));
        if (stack.brokers().size() > 1) {
            all.addAll(ClusterFaults.of(stack, STREAM + ".cuts", losses));
        }
        all.addAll(LinkFaults.of(stack));
        return all.stream()
                // The tail of the cut topic alone says nothing of those of the tables.
                .filter(fault -> !fault.name().equals("tail of the topic lost"))
                .filter(fault -> fault.name().matches(settings.kinds()))
                .toList();
    }

    private void round(Round round) {
        List<Planned> faults = round.faults();
        faults.forEach(planned -> {
            journal.note(planned.toString());
            planned.fault().inject();
        });
        faults.forEach(planned -> {
            LockSupport.parkNanos(planned.lasting().toNanos() / faults.size());
            planned.fault().heal();
        });
        if (round.watched()) {
            watch(String.join(
                    " + ", faults.stream().map(each -> each.fault().name()).toList()));
            producers.trim(round.kindly());
            consumers.trim(round.kindly());
        }
        producers.expectAlive();
        consumers.expectAlive();
    }

    /** Waits until a row that is inserted now arrives. */
    private void watch(String after) {
        int number = ++probes;
        long start = System.nanoTime();
        Databases.execute(stack.source().jdbcUrl(), "INSERT INTO shop.probe VALUES (" + number + ")");
        try {
            await().atMost(settings.recovery())
                    .ignoreExceptions()
                    .until(() -> !Databases.query(
                                    stack.destination().jdbcUrl(), "SELECT 1 FROM shop.probe WHERE number = " + number)
                            .isEmpty());
            journal.note("    a row arrived %.1f s after %s".formatted((System.nanoTime() - start) / 1e9, after));
        } catch (ConditionTimeoutException never) {
            find("no row arrived within %s after %s".formatted(settings.recovery(), after));
        }
    }

    private void find(String problem) {
        journal.note("UNEXPECTED: " + problem);
        findings.add(problem);
    }

    private void end(ShopActivity activity) {
        String source = stack.source().jdbcUrl();
        String destination = stack.destination().jdbcUrl();
        try {
            await().atMost(settings.recovery())
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> ShopEquality.differences(source, destination).isEmpty());
        } catch (ConditionTimeoutException never) {
            ShopEquality.differences(source, destination).forEach(this::find);
        }
        activity.wrong().forEach(wrong -> find("a state that never was: " + wrong));
        Databases.query(destination, "SELECT broken_since::text FROM cdc_applied WHERE broken_since IS NOT NULL")
                .forEach(since -> find("a dead letter broke the cut at " + since));
        producers.stopAll();
        consumers.stopAll();
        Stream.of(producers, consumers)
                .flatMap(fleet -> fleet.complaints().stream())
                .forEach(this::find);
        DaemonLogs.findings(directory.logs(), new Losses()).forEach(finding -> find(finding.toString()));
        journal.note("%d tables, %,d transactions, %,d reads, %d findings"
                .formatted(
                        ShopEquality.tables(destination).size(),
                        activity.committed(),
                        activity.reads(),
                        findings.size()));
    }
}
