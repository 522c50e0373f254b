package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.PublishedOffsets.Last;
import io.rowrelay.stream.kafka.TopicProbe;
import io.rowrelay.stream.kafka.TopicProbe.Found;
import io.rowrelay.stream.kafka.TopicProbe.Presence;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the topics still hold what they have acknowledged: where their partitions end, every ten seconds and without
 * waiting; and at the last acknowledged records themselves at the beginning of a session and after a change of leader. Not
 * thread-safe.
 */
public final class TopicWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);

    /** Where the partitions end, and the leader epoch of each. */
    private record Ends(
            Map<String, String> topicIds, Map<Partition, Long> next, Map<Partition, Integer> leaderEpochs) {}

    /** What was acknowledged when the ends were asked for, and the answer. */
    private record Asked(PublishedOffsets published, CompletableFuture<Ends> ends) {}

    private final KafkaClientSettings kafka;
    private List<String> topics;
    private final LongSupplier nanoClock;
    private @Nullable Admin client;
    private @Nullable Asked asked;
    private Map<Partition, Integer> leaderEpochs = Map.of();
    private long askedAt;

    /** The client is opened by the first question. */
    public TopicWatch(KafkaClientSettings kafka, List<String> topics, LongSupplier nanoClock) {
        this.kafka = kafka;
        this.topics = List.copyOf(topics);
        this.nanoClock = nanoClock;
        this.askedAt = nanoClock.getAsLong();
    }

    /** Other topics are to be watched from now on. */
    void watch(List<String> others) {
        topics = List.copyOf(others);
        asked = null;
    }

    /** Returns what the topics hold now: the last record of each partition, whoever wrote it. */
    public PublishedOffsets takeUp() throws OutageException, InterruptedException {
        Ends ends = ask();
        leaderEpochs = ends.leaderEpochs();
        asked = null;
        Map<Partition, Long> last = new HashMap<>();
        ends.next().forEach((partition, next) -> {
            if (next > 0) {
                last.put(partition, next - 1);
            }
        });
        Map<Partition, Last> partitions = new HashMap<>();
        TopicProbe.read(kafka.consumer(), last)
                .forEach((partition, found) ->
                        partitions.put(partition, new Last(ends.next().getOrDefault(partition, 0L), found.actionId())));
        return new PublishedOffsets(ends.topicIds(), partitions);
    }

    /** Returns the partitions that do not hold the last record of what was published. */
    Set<Partition> lost(PublishedOffsets published) throws OutageException, InterruptedException {
        Map<Partition, Long> last = published.partitions().entrySet().stream()
                .filter(each -> each.getValue().nextOffset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().nextOffset() - 1));
        Set<Partition> lost = new TreeSet<>();
        TopicProbe.read(kafka.consumer(), last).forEach((partition, found) -> {
            if (isLost(published.last(partition), found)) {
                lost.add(partition);
            }
        });
        return lost;
    }

    private static boolean isLost(Last last, Found found) {
        boolean another =
                found.presence() == Presence.THERE && last.actionId() != 0 && found.actionId() != last.actionId();
        return another || found.presence() == Presence.BEYOND_THE_END;
    }

    /** Reports signs of a loss. To be called often: it asks every ten seconds and does not wait for the answer. */
    public Optional<String> loss(Supplier<PublishedOffsets> acknowledged) throws OutageException, InterruptedException {
        Asked pending = asked;
        if (pending == null) {
            if (nanoClock.getAsLong() - askedAt >= INTERVAL.toNanos()) {
                PublishedOffsets published = acknowledged.get();
                asked = published.topicIds().isEmpty() ? null : askedFor(published);
            }
            return Optional.empty();
        }
        if (!pending.ends().isDone()) {
            return Optional.empty();
        }
        asked = null;
        try {
            return loss(pending.published(), pending.ends().join());
        } catch (CompletionException | CancellationException failure) {
            closeRefused(failure);
            // Whatever needs the broker reports its outage; this is asked again later.
            return Optional.empty();
        }
    }

    private Optional<String> loss(PublishedOffsets published, Ends ends) throws OutageException, InterruptedException {
        if (!ends.topicIds().equals(published.topicIds())) {
            return Optional.of("it was deleted and created again");
        }
        for (Map.Entry<Partition, Last> each : published.partitions().entrySet()) {
            long end = ends.next().getOrDefault(each.getKey(), 0L);
            if (end < each.getValue().nextOffset()) {
                return Optional.of("partition " + each.getKey() + " ends with offset " + end
                        + ", and had acknowledged up to offset "
                        + (each.getValue().nextOffset() - 1));
            }
        }
        if (!ends.leaderEpochs().equals(leaderEpochs)) {
            Set<Partition> lost = lost(published);
            leaderEpochs = ends.leaderEpochs();
            if (!lost.isEmpty()) {
                return Optional.of("other records stand at the ends of what partitions " + lost + " had acknowledged");
            }
        }
        return Optional.empty();
    }

    private @Nullable Asked askedFor(PublishedOffsets published) {
        try {
            return new Asked(published, question());
        } catch (KafkaException cannotBeOpened) {
            // A client cannot be opened without a broker whose name is known. Whatever needs the broker reports its
            // outage.
            askedAt = nanoClock.getAsLong();
            return null;
        }
    }

    /** The pending answer is no longer of use; the next question uses the credentials of that time. */
    void forget() {
        asked = null;
        close();
    }

    private Ends ask() throws OutageException, InterruptedException {
        try {
            return question().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            closeRefused(failure);
            throw KafkaFailures.outage("asking where topic " + String.join(", ", topics) + " ends", failure);
        }
    }

    /** A client keeps the credentials that it was opened with. */
    private void closeRefused(Exception failure) {
        if (KafkaFailures.isAuthentication(failure)) {
            close();
        }
    }

    private CompletableFuture<Ends> question() {
        Admin open = client;
        if (open == null) {
            open = Topics.admin(kafka.admin());
            client = open;
        }
        askedAt = nanoClock.getAsLong();
        Admin admin = open;
        return admin.describeTopics(topics)
                .allTopicNames()
                .toCompletionStage()
                .thenCompose(described -> ends(admin, described))
                .toCompletableFuture();
    }

    private static CompletableFuture<Ends> ends(Admin admin, Map<String, TopicDescription> described) {
        Map<String, String> topicIds = new HashMap<>();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        described.forEach((topic, description) -> {
            topicIds.put(topic, description.topicId().toString());
            description
                    .partitions()
                    .forEach(partition ->
                            latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
        });
        return admin.listOffsets(latest)
                .all()
                .toCompletionStage()
                .thenApply(answers -> ends(topicIds, answers))
                .toCompletableFuture();
    }

    private static Ends ends(Map<String, String> topicIds, Map<TopicPartition, ListOffsetsResultInfo> answers) {
        Map<Partition, Long> next = new HashMap<>();
        Map<Partition, Integer> epochs = new HashMap<>();
        answers.forEach((answered, answer) -> {
            Partition partition = new Partition(answered.topic(), answered.partition());
            next.put(partition, answer.offset());
            answer.leaderEpoch().ifPresent(epoch -> epochs.put(partition, epoch));
        });
        return new Ends(topicIds, next, epochs);
    }

    @Override
    public void close() {
        Admin open = client;
        client = null;
        if (open != null) {
            open.close(CLOSE_DEADLINE);
        }
    }
}
