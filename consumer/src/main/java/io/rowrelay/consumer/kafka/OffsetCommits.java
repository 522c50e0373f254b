package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits finished offsets to Kafka: now and then without waiting, and with waiting when a partition leaves. A commit with every
 * poll would cost the broker as much as the records. A consumer that is killed leaves offsets uncommitted; their records are read
 * again and have no effect, because the destination remembers its own progress. Not thread-safe.
 */
final class OffsetCommits {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);

    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final LongSupplier nanoClock;
    private long toldAt;
    /** Stands beside each offset. */
    private String metadata = "";

    private final Map<TopicPartition, OffsetAndMetadata> polled = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> finished = new HashMap<>();

    OffsetCommits(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.toldAt = nanoClock.getAsLong() - INTERVAL.toNanos();
    }

    /** Sets the text that stands beside each offset. */
    void metadata(String text) {
        metadata = text;
    }

    /** Further polls can come before those before them are finished. */
    void polled(Map<TopicPartition, OffsetAndMetadata> next) {
        next.forEach((partition, offset) -> polled.put(partition, withMetadata(offset)));
    }

    private OffsetAndMetadata withMetadata(OffsetAndMetadata offset) {
        return new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), metadata);
    }

    /** What was polled is finished, but for partitions that went meanwhile; returns what that is. */
    Map<TopicPartition, OffsetAndMetadata> finish(Set<Partition> gone) {
        polled.keySet().removeIf(each -> gone.contains(AssignedPartitions.partition(each)));
        Map<TopicPartition, OffsetAndMetadata> now = Map.copyOf(polled);
        finished.putAll(now);
        polled.clear();
        return now;
    }

    /** Everything before the offset is finished, as the destination knows; this text is to stand beside it. */
    void add(TopicPartition partition, OffsetAndMetadata offset, String text) {
        finished.put(partition, new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), text));
    }

    /** What was polled from the offset on is not finished with the rest. */
    void backTo(TopicPartition partition, long offset) {
        polled.computeIfPresent(
                partition, (key, next) -> next.offset() > offset ? withMetadata(new OffsetAndMetadata(offset)) : next);
    }

    void forget(Collection<TopicPartition> partitions) {
        polled.keySet().removeAll(Set.copyOf(partitions));
        finished.keySet().removeAll(Set.copyOf(partitions));
    }

    void commitWhenDue(Consumer<byte[], byte[]> consumer) {
        long now = nanoClock.getAsLong();
        if (finished.isEmpty() || now - toldAt < INTERVAL.toNanos()) {
            return;
        }
        toldAt = now;
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.copyOf(finished);
        consumer.commitAsync(offsets, (committed, failure) -> {
            if (failure == null) {
                finished.entrySet().removeAll(committed.entrySet());
            } else {
                LOG.debug("offsets not committed, they go with the next commit", failure);
            }
        });
    }

    void commitNow(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions, Duration atMost) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(finished);
        offsets.keySet().retainAll(Set.copyOf(partitions));
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, atMost);
            finished.keySet().removeAll(offsets.keySet());
        } catch (KafkaException failure) {
            if (KafkaFailures.isHarmlessOnCommit(failure)) {
                LOG.debug("offsets not committed, the partitions have moved on", failure);
            } else {
                LOG.warn("offsets not committed, some records will be applied again: {}", failure.getMessage());
            }
        }
    }
}
