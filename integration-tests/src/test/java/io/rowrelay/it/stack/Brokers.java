package io.rowrelay.it.stack;

import static org.awaitility.Awaitility.await;

import io.rowrelay.sandbox.stack.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** What happens to the three brokers of a cluster. Used by one thread. */
public final class Brokers {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long ANSWER_SECONDS = 20;

    private final List<BrokerProcess> brokers;
    private final String bootstrapServers;

    public Brokers(LinkedStack stack) {
        this.brokers = stack.brokers();
        this.bootstrapServers = stack.bootstrapServers();
    }

    /** The broker that leads the topic's first partition. */
    public BrokerProcess leader(String topic) {
        return withAdmin(admin -> broker(Objects.requireNonNull(
                        description(admin, topic).partitions().get(0).leader(), "no leader")
                .id()));
    }

    /** The broker whose controller is the active one. */
    public BrokerProcess controller() {
        return withAdmin(
                admin -> broker(got(admin.describeMetadataQuorum().quorumInfo()).leaderId()));
    }

    /** Stops and starts one after the other, as an upgrade does: the next when the topic has all its replicas in sync again. */
    public void restartInTurn(String topic) {
        for (BrokerProcess broker : brokers) {
            broker.restart();
            awaitInSync(topic);
        }
    }

    /** Waits until every replica of the topic is in sync. */
    public void awaitInSync(String topic) {
        await("all replicas of " + topic + " in sync")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> withAdmin(admin -> description(admin, topic).partitions().stream()
                        .allMatch(each -> each.isr().size() == brokers.size())));
    }

    /** Kills two of the three; returns them. */
    public List<BrokerProcess> killTwo() {
        List<BrokerProcess> two = brokers.subList(0, 2);
        two.forEach(BrokerProcess::kill);
        return two;
    }

    /** Starts those that do not run. */
    public void startAll() {
        start(brokers);
    }

    /**
     * Loses what the topic has acknowledged since one broker went: that one is killed, the {@code writing} goes to the two
     * others, those are killed, the state of the first is all that is left on two disks, and an operator has leaders elected from them. The
     * broker with the lost records comes back last and cuts them off.
     *
     * @return the first offset of each partition that may be lost
     */
    public Map<Integer, Long> loseTail(String topic, Runnable writing) {
        BrokerProcess leader = leader(topic);
        List<BrokerProcess> others =
                brokers.stream().filter(each -> each != leader).toList();
        BrokerProcess behind = others.get(0);
        BrokerProcess robbed = others.get(1);
        Map<Integer, Long> kept = ends(topic);
        behind.kill();
        writing.run();
        leader.kill();
        robbed.kill();
        replacePartitions(topic, behind.dataDirectory(), robbed.dataDirectory());
        start(List.of(behind, robbed));
        electFromWhatIsLeft(topic);
        leader.start();
        return kept;
    }

    private Map<Integer, Long> ends(String topic) {
        return withAdmin(admin -> {
            Map<TopicPartition, OffsetSpec> partitions = description(admin, topic).partitions().stream()
                    .collect(Collectors.toMap(
                            each -> new TopicPartition(topic, each.partition()), each -> OffsetSpec.latest()));
            return got(admin.listOffsets(partitions).all()).entrySet().stream()
                    .collect(Collectors.toMap(
                            each -> each.getKey().partition(),
                            each -> each.getValue().offset()));
        });
    }

    private void electFromWhatIsLeft(String topic) {
        await("leaders of " + topic)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> withAdmin(admin -> {
                    Set<TopicPartition> without = description(admin, topic).partitions().stream()
                            .filter(each -> each.leader() == null)
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .collect(Collectors.toSet());
                    if (!without.isEmpty()) {
                        got(admin.electLeaders(ElectionType.UNCLEAN, without).partitions());
                    }
                    return without.isEmpty();
                }));
    }

    private void start(List<BrokerProcess> stopped) {
        List<Thread> starting = stopped.stream()
                .map(each -> new Thread(each::start, "start of broker " + each.nodeId()))
                .toList();
        starting.forEach(Thread::start);
        starting.forEach(Brokers::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private BrokerProcess broker(int nodeId) {
        return brokers.get(nodeId - 1);
    }

    private static TopicDescription description(Admin admin, String topic) {
        return Objects.requireNonNull(
                got(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
    }

    /** On brokers that do not run. */
    private static void replacePartitions(String topic, Path from, Path to) {
        try (var partitions = Files.newDirectoryStream(from, topic + "-[0-9]*")) {
            for (Path each : partitions) {
                Path replaced = to.resolve(each.getFileName());
                for (Path old : files(replaced)) {
                    Files.delete(old);
                }
                for (Path file : files(each)) {
                    Files.copy(file, replaced.resolve(file.getFileName()));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private interface Question<T> {
        T ask(Admin admin);
    }

    private <T> T withAdmin(Question<T> question) {
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                "15000",
                "request.timeout.ms",
                "5000"))) {
            return question.ask(admin);
        }
    }

    private static <T> T got(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
