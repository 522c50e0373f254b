package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of this consumer: how far each has been read, those of which nobody has said where to begin, and those that have
 * left since the last poll. Not thread-safe.
 */
final class AssignedPartitions {
    private final Map<TopicPartition, PartitionProgress> settled = new HashMap<>();
    private final Set<TopicPartition> unsettled = new HashSet<>();
    private final Set<Partition> gone = new HashSet<>();
    private final OffsetCommits commits;
    private final AppliedOffsets applied;

    /** Tells both what becomes of the partitions. */
    AssignedPartitions(OffsetCommits commits, AppliedOffsets applied) {
        this.commits = commits;
        this.applied = applied;
    }

    static Partition partition(TopicPartition partition) {
        return new Partition(partition.topic(), partition.partition());
    }

    static TopicPartition topicPartition(Partition partition) {
        return new TopicPartition(partition.topic(), partition.number());
    }

    void unsettle(Collection<TopicPartition> partitions) {
        settled.keySet().removeAll(Set.copyOf(partitions));
        unsettled.addAll(partitions);
        commits.forget(partitions);
        applied.unknown(partitions);
    }

    void settle(TopicPartition partition, PartitionProgress beginning) {
        unsettled.remove(partition);
        settled.put(partition, beginning);
        applied.finished(partition, beginning.nextOffset());
    }

    /** What was polled from the offset on is to be read again. */
    void backTo(TopicPartition partition, long offset) {
        settled.computeIfPresent(
                partition, (key, read) -> new PartitionProgress(read.topicId(), offset, Optional.empty()));
        commits.backTo(partition, offset);
    }

    void leave(Collection<TopicPartition> partitions) {
        partitions.forEach(each -> gone.add(partition(each)));
        settled.keySet().removeAll(Set.copyOf(partitions));
        unsettled.removeAll(Set.copyOf(partitions));
        commits.forget(partitions);
        applied.forget(partitions);
    }

    Set<TopicPartition> unsettled() {
        return Set.copyOf(unsettled);
    }

    Set<TopicPartition> settled() {
        return Set.copyOf(settled.keySet());
    }

    /** Whether the partition has stayed since the last poll. */
    boolean hasStayed(Partition partition) {
        return !gone.contains(partition);
    }

    /** Whether a partition is being read that began on another topic than the one of its name now. */
    boolean holdsAnother(Map<String, String> topicIds) {
        return settled.entrySet().stream().anyMatch(each -> {
            String id = topicIds.get(each.getKey().topic());
            return id != null && !id.equals(each.getValue().topicId());
        });
    }

    Map<Partition, PartitionProgress> progress() {
        Map<Partition, PartitionProgress> progress = new HashMap<>();
        settled.forEach((partition, read) -> progress.put(partition(partition), read));
        return progress;
    }

    /** Moves on to where a poll has come; returns what it has read, sorted by partition. */
    List<OffsetRange> polled(Map<TopicPartition, OffsetAndMetadata> next) {
        // What left during this poll has no records in it.
        gone.clear();
        commits.polled(next);
        List<OffsetRange> ranges = new ArrayList<>();
        next.forEach((partition, offset) -> {
            PartitionProgress before = settled.get(partition);
            if (before == null) {
                throw new IllegalStateException("read of partition " + partition + " without a beginning");
            }
            if (offset.offset() > before.nextOffset()) {
                ranges.add(new OffsetRange(
                        partition(partition),
                        before.topicId(),
                        before.nextOffset(),
                        offset.offset(),
                        offset.leaderEpoch()));
                settled.put(partition, new PartitionProgress(before.topicId(), offset.offset(), offset.leaderEpoch()));
            }
        });
        ranges.sort(Comparator.comparing(OffsetRange::partition));
        return ranges;
    }

    /** Marks the polled records as finished, except those of partitions that were taken away. */
    void finish() {
        commits.finish(gone).forEach((partition, next) -> applied.finished(partition, next.offset()));
    }
}
