package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.stream.kafka.OldestChanges;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
     * What is asked about, and through what.
     *
     * @param admin opens a client
     * @param consumer properties of a consumer of bytes, as they are now
     * @param topic the stream's
     * @param groupId the consumer group
     */
    public record Subject(
            Supplier<Admin> admin, Supplier<Map<String, Object>> consumer, String topic, String groupId) {}

    /** A partition that has stood where it is since then, with records behind. */
    private record Standing(
            long next, long sinceNanos, @Nullable Instant changedAt) {}

    private final Subject subject;
    private final FinishedPlaces finished;
    private final Supplier<Optional<Instant>> appliedLately;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final AgingNumber changes;
    private final AgingNumber seconds;
    private Map<Integer, Standing> standing = new HashMap<>();
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
        this.finished = stream.finishedPlaces();
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
        try {
            // Before the ends: what is finished in between must not hide what waits.
            Map<Integer, Long> places = places();
            Map<Integer, Long> ends = offsets(places.keySet(), OffsetSpec.latest());
            Map<Integer, Long> behind = new HashMap<>();
            ends.forEach((partition, end) -> {
                long waiting = end - places.getOrDefault(partition, end);
                if (waiting > 0) {
                    behind.put(partition, waiting);
                }
            });
            changes.set(behind.values().stream().mapToDouble(Long::doubleValue).sum());
            seconds.set(age(places, behind));
            return 1;
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            // A client keeps the credentials that it was opened with; the next step opens one with those of then.
            if (KafkaFailures.isAuthentication(failure)) {
                close();
                client = null;
            }
            throw KafkaFailures.outage("measuring the lag of topic " + subject.topic(), failure);
        }
    }

    private Map<Integer, Long> places() throws ExecutionException, TimeoutException, InterruptedException {
        Optional<Map<Integer, Long>> own = finished.read();
        Map<Integer, Long> places = own.isPresent() ? own.get() : unknown();
        if (places.containsValue(FinishedPlaces.UNKNOWN)) {
            committed().forEach((partition, next) -> places.replace(partition, FinishedPlaces.UNKNOWN, next));
            if (places.containsValue(FinishedPlaces.UNKNOWN)) {
                offsets(places.keySet(), OffsetSpec.earliest())
                        .forEach((partition, begin) -> places.replace(partition, FinishedPlaces.UNKNOWN, begin));
            }
        }
        return places;
    }

    /** All of the topic's partitions. */
    private Map<Integer, Long> unknown() throws ExecutionException, TimeoutException, InterruptedException {
        TopicDescription described = get(Objects.requireNonNull(
                admin().describeTopics(List.of(subject.topic()))
                        .topicNameValues()
                        .get(subject.topic()),
                "what was asked for"));
        Map<Integer, Long> places = new HashMap<>();
        described.partitions().forEach(each -> places.put(each.partition(), FinishedPlaces.UNKNOWN));
        return places;
    }

    private Map<Integer, Long> committed() throws ExecutionException, TimeoutException, InterruptedException {
        Map<Integer, Long> committed = new HashMap<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> place : get(admin().listConsumerGroupOffsets(
                                subject.groupId())
                        .partitionsToOffsetAndMetadata())
                .entrySet()) {
            if (place.getKey().topic().equals(subject.topic()) && place.getValue() != null) {
                committed.put(place.getKey().partition(), place.getValue().offset());
            }
        }
        return committed;
    }

    private Map<Integer, Long> offsets(Iterable<Integer> partitions, OffsetSpec which)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(new TopicPartition(subject.topic(), partition), which));
        Map<Integer, Long> offsets = new HashMap<>();
        if (!asked.isEmpty()) {
            get(admin().listOffsets(asked).all())
                    .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        }
        return offsets;
    }

    /** Where records are being applied, of those just applied; where nothing moves, of the next record there. */
    private double age(Map<Integer, Long> places, Map<Integer, Long> behind) throws InterruptedException {
        long now = nanoClock.getAsLong();
        Map<Integer, Standing> before = standing;
        standing = new HashMap<>();
        double oldest = 0;
        for (int partition : behind.keySet()) {
            long next = places.getOrDefault(partition, 0L);
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
    private void readTimes(Map<Integer, Standing> before) throws InterruptedException {
        Map<Integer, Long> unread = new HashMap<>();
        standing.forEach((partition, each) -> {
            if (each.changedAt() == null && each.equals(before.get(partition))) {
                unread.put(partition, each.next());
            }
        });
        try {
            OldestChanges.read(subject.consumer().get(), subject.topic(), unread)
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
