package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.LinkedStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Everything that runs in a campaign but the workload. Used by one thread. */
final class ChaosStack implements AutoCloseable {
    private static final int DISK_MEGABYTES = 512;
    private static final Map<String, String> POSTGRES = Map.of("fsync", "off", "max_connections", "60");

    private final LinkedStack stack;
    private final CampaignDirectory directory;
    private final Journal journal;
    private final SmallDisk disk;
    private final Losses losses = new Losses();
    private final Fleet producers;
    private final Fleet consumers;
    private final Thread endDaemonsAtExit = new Thread(this::endDaemons, "end-daemons-at-exit");

    private ChaosStack(LinkedStack stack, CampaignDirectory directory, Journal journal, SmallDisk disk) {
        this.stack = stack;
        this.directory = directory;
        this.journal = journal;
        this.disk = disk;
        this.producers = new Fleet(
                "producer",
                environment(stack.producerEnvironment(), "SOURCE_DB", ChaosDatabases.PRODUCER),
                directory.logs(),
                stack.processes(),
                journal);
        this.consumers = new Fleet(
                "consumer",
                environment(stack.consumerEnvironment(), "DESTINATION_DB", ChaosDatabases.CONSUMER),
                directory.logs(),
                stack.processes(),
                journal);
        Runtime.getRuntime().addShutdownHook(endDaemonsAtExit);
    }

    static ChaosStack start(CampaignSettings settings, CampaignDirectory directory) {
        Journal journal = new Journal(directory.journal());
        LinkedStack stack = LinkedStack.startIn(directory.stack(), POSTGRES, settings.brokers());
        ChaosDatabases.prepareSource(stack.source().jdbcUrl());
        ChaosDatabases.prepareDestination(stack.destination().jdbcUrl());
        SmallDisk disk = SmallDisk.mount(
                directory.disk(),
                DISK_MEGABYTES,
                directory.stack().resolve("destination").resolve("data"));
        if (disk.isThere()) {
            ChaosDatabases.useSmallDisk(
                    stack.destination().jdbcUrl(), disk.path().toString());
        }
        return new ChaosStack(stack, directory, journal, disk);
    }

    private static Map<String, String> environment(Map<String, String> plain, String database, String role) {
        Map<String, String> environment = new HashMap<>(plain);
        environment.put(database + "_USER", role);
        environment.put(database + "_PASSWORD", ChaosDatabases.PASSWORD);
        // Shorter than the daemons' own 100 s for a half-open connection, so that more faults fit into the time.
        environment.computeIfPresent(database + "_URL", (name, url) -> url + "?socketTimeout=20");
        environment.put("RETENTION", "3650d");
        environment.put("CAPTURE_CHECK_INTERVAL", "5s");
        return environment;
    }

    Journal journal() {
        return journal;
    }

    Path logs() {
        return directory.logs();
    }

    String sourceUrl() {
        return stack.source().jdbcUrl();
    }

    String destinationUrl() {
        return stack.destination().jdbcUrl();
    }

    void startDaemons() {
        producers.start();
        consumers.start();
        producers.first().process().awaitReady();
        consumers.first().process().awaitReady();
    }

    void startStranger(Workload workload, SplittableRandom random) {
        Stranger stranger = new Stranger(stack.bootstrapServers(), EvidenceReader.TOPIC);
        workload.run("stranger", () -> stranger.run(workload.ending(), random));
    }

    List<Fault> faults(Workload workload, CampaignSettings settings) {
        TopicFaults topics =
                new TopicFaults(stack.bootstrapServers(), EvidenceReader.TOPIC, EvidenceReader.DEAD_LETTER_TOPIC);
        List<Fault> all = new ArrayList<>();
        for (Fleet fleet : List.of(producers, consumers)) {
            all.addAll(List.of(DaemonFault.kill(fleet), DaemonFault.stop(fleet), DaemonFault.freeze(fleet)));
        }
        all.add(new KilledInOutage(producers, Fault.Target.PRODUCER, stack.producerToBroker()));
        all.add(new KilledInOutage(consumers, Fault.Target.CONSUMER, stack.consumerToDestination()));
        all.addAll(CompanyFaults.of(producers, consumers, sourceUrl()));
        all.addAll(ServerFaults.of(stack));
        if (stack.brokers().size() > 1) {
            all.addAll(ClusterFaults.of(stack, EvidenceReader.TOPIC, losses));
        }
        all.addAll(LinkFaults.of(stack));
        all.addAll(DestinationFaults.of(destinationUrl(), disk));
        all.addAll(topics.faults(workload::poisonOften));
        return all.stream()
                .filter(fault -> fault.name().matches(settings.kinds()))
                .filter(fault -> !settings.brief() || isBrief(fault))
                .toList();
    }

    /** Those that show the machinery at work and heal in no time. */
    private static boolean isBrief(Fault fault) {
        return Stream.of(
                        "producer killed",
                        "consumer killed",
                        "second producer, first killed",
                        "source killed",
                        "destination restarted",
                        "broker killed",
                        "source-producer cut",
                        "broker-consumer dropped",
                        "consumer-destination stalled",
                        "destination read-only",
                        "destination disk",
                        "destination table locked",
                        "partition added",
                        "dead letters refused")
                .anyMatch(each -> fault.name().startsWith(each) && !fault.name().contains("stalled to"));
    }

    void trim(boolean kindly) {
        producers.trim(kindly);
        consumers.trim(kindly);
    }

    void expectAlive() {
        producers.expectAlive();
        consumers.expectAlive();
    }

    void stopDaemons() {
        producers.stopAll();
        consumers.stopAll();
    }

    List<Finding> complaints() {
        return Stream.of(producers, consumers)
                .flatMap(fleet -> fleet.complaints().stream())
                .map(what -> new Finding("daemons end only when told to", 0, what))
                .toList();
    }

    EvidenceReader evidence() {
        return new EvidenceReader(sourceUrl(), destinationUrl(), stack.bootstrapServers(), losses);
    }

    private void endDaemons() {
        producers.close();
        consumers.close();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(endDaemonsAtExit);
        endDaemons();
        stack.close();
        disk.close();
    }
}
