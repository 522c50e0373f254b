package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.stream.kafka.OldestChanges;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far applying is behind: where the topic ends, less what is finished. It asks the broker by itself, since a loop that
 * waits for the destination does not. Where the destination could not be asked yet what is finished, or the group has not
 * taken this consumer in, the offsets of the group say it. To be stepped by one thread; the numbers are for any.
 */
public final class ApplyingLag implements Task, AutoCloseable {
    /** How often to step it. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ApplyingLag.class);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1000.0;

    /**
     * The topics and the group that the lag is measured of, and how to ask for them.
     *
     * @param admin opens a client
     * @param consumer properties of a consumer of bytes, as they are now
     * @param topics the stream's
     * @param groupId the consumer group
     */
    public record Subject(
            Supplier<Admin> admin, Supplier<Map<String, Object>> consumer, StreamTopics topics, String groupId) {}

    /** A partition that has stood where it is since then, with records behind. */
    private record Standing(
            long next, long sinceNanos, @Nullable Instant changedAt) {}

    private final Subject subject;
    private final AppliedOffsets applied;
    private final Supplier<Optional<Instant>> appliedLately;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final AgingNumber changes;
    private final AgingNumber seconds;
    private Map<Partition, Standing> standing = new HashMap<>();
    private @Nullable Admin client;

    /**
     * Looks at what {@code stream} has finished; {@code appliedLately} says of which time the changes are that were just
     * applied, if any were. The client is opened by the first step.
     */
    public ApplyingLag(
            Subject subject,
            KafkaChangeStream stream,
            Supplier<Optional<Instant>> appliedLately,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.subject = subject;
        this.applied = stream.applied();
        this.appliedLately = appliedLately;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.changes = new AgingNumber(Watch.limitOf(INTERVAL), nanoClock);
        this.seconds = new AgingNumber(Watch.limitOf(INTERVAL), nanoClock);
    }

    /** Records still to be applied; NaN while that is not known. */
    public double changes() {
        return changes.get();
    }

    /** The age of the oldest of them in seconds; NaN while that is not known. */
    public double seconds() {
        return seconds.get();
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        if (subject.topics().names().isEmpty()) {
            throw new OutageException(subject.topics().missing(), null);
        }
        try {
            // Before the ends: what is finished in between must not hide what waits.
            Map<Partition, Long> finished = finished();
            Map<Partition, Long> ends = offsets(finished.keySet(), OffsetSpec.latest());
            Map<Partition, Long> behind = new HashMap<>();
            ends.forEach((partition, end) -> {
                long waiting = end - finished.getOrDefault(partition, end);
                if (waiting > 0) {
                    behind.put(partition, waiting);
                }
            });
            changes.set(behind.values().stream().mapToDouble(Long::doubleValue).sum());
            seconds.set(age(finished, behind));
            return 1;
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            // A client keeps the credentials that it was opened with; the next step opens one with the current ones.
            if (KafkaFailures.isAuthentication(failure)) {
                close();
                client = null;
            }
            throw KafkaFailures.outage(
                    "measuring the lag of " + subject.topics().text(), failure);
        }
    }

    private Map<Partition, Long> finished() throws ExecutionException, TimeoutException, InterruptedException {
        Optional<Map<Partition, Long>> own = applied.read();
        Map<Partition, Long> finished = own.isPresent() ? own.get() : unknown();
        if (finished.containsValue(AppliedOffsets.UNKNOWN)) {
            committed().forEach((partition, next) -> finished.replace(partition, AppliedOffsets.UNKNOWN, next));
            if (finished.containsValue(AppliedOffsets.UNKNOWN)) {
                offsets(finished.keySet(), OffsetSpec.earliest())
                        .forEach((partition, begin) -> finished.replace(partition, AppliedOffsets.UNKNOWN, begin));
            }
        }
        return finished;
    }

    /** All of the topics' partitions. */
    private Map<Partition, Long> unknown() throws ExecutionException, TimeoutException, InterruptedException {
        Map<Partition, Long> unknown = new HashMap<>();
        get(admin().describeTopics(subject.topics().names()).allTopicNames())
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(each ->
                                unknown.put(new Partition(topic.name(), each.partition()), AppliedOffsets.UNKNOWN)));
        return unknown;
    }

    private Map<Partition, Long> committed() throws ExecutionException, TimeoutException, InterruptedException {
        Map<Partition, Long> committed = new HashMap<>();
        get(admin().listConsumerGroupOffsets(subject.groupId()).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(AssignedPartitions.partition(partition), offset.offset());
                    }
                });
        return committed;
    }

    private Map<Partition, Long> offsets(Iterable<Partition> partitions, OffsetSpec which)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(AssignedPartitions.topicPartition(partition), which));
        Map<Partition, Long> offsets = new HashMap<>();
        if (!asked.isEmpty()) {
            get(admin().listOffsets(asked).all())
                    .forEach(
                            (partition, found) -> offsets.put(AssignedPartitions.partition(partition), found.offset()));
        }
        return offsets;
    }

    /** Where records are being applied, of those just applied; where nothing moves, of the next record there. */
    private double age(Map<Partition, Long> finished, Map<Partition, Long> behind) throws InterruptedException {
        long now = nanoClock.getAsLong();
        Map<Partition, Standing> before = standing;
        standing = new HashMap<>();
        double oldest = 0;
        for (Partition partition : behind.keySet()) {
            long next = finished.getOrDefault(partition, 0L);
            Standing last = before.get(partition);
            boolean stands = last != null && last.next() == next;
            standing.put(partition, last != null && stands ? last : new Standing(next, now, null));
            if (!stands && last != null) {
                oldest = Math.max(oldest, appliedLately.get().map(this::since).orElse(0.0));
            }
        }
        readTimes(before);
        for (Standing each : standing.values()) {
            Instant changedAt = each.changedAt();
            oldest = Math.max(oldest, changedAt == null ? (now - each.sinceNanos()) / NANOS : since(changedAt));
        }
        return oldest;
    }

    /** Each record is read once, and only when it was waiting at the last look already. */
    private void readTimes(Map<Partition, Standing> before) throws InterruptedException {
        Map<Partition, Long> unread = new HashMap<>();
        standing.forEach((partition, each) -> {
            if (each.changedAt() == null && each.equals(before.get(partition))) {
                unread.put(partition, each.next());
            }
        });
        try {
            OldestChanges.read(subject.consumer().get(), unread)
                    .forEach((partition, changedAt) -> standing.computeIfPresent(
                            partition, (number, each) -> new Standing(each.next(), each.sinceNanos(), changedAt)));
        } catch (OutageException unknown) {
            // They have waited at least since they were first seen.
            LOG.debug("the records that wait cannot be read", unknown);
        }
    }

    private double since(Instant changedAt) {
        return Math.max(0, Duration.between(changedAt, clock.instant()).toMillis() / MILLIS);
    }

    private Admin admin() {
        Admin open = client;
        if (open == null) {
            open = subject.admin().get();
            client = open;
        }
        return open;
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** After its last step. */
    @Override
    public void close() {
        Admin open = client;
        if (open != null) {
            open.close(CLOSE_DEADLINE);
        }
    }
}
