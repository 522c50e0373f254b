package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the broker, by the leader epoch of what was read, up to where it still holds that. Only what has a leader epoch can be asked
 * about. Used once.
 */
final class TruncationCheck {
    private final Consumer<byte[], byte[]> consumer;
    private final Duration deadline;
    private final Map<TopicPartition, PartitionProgress> asked = new HashMap<>();
    private final Map<Partition, PartitionProgress> truncated = new HashMap<>();

    /** The partitions are assigned to the consumer; where it is to read them is not known afterwards. */
    TruncationCheck(Consumer<byte[], byte[]> consumer, Duration deadline, Map<Partition, PartitionProgress> stored) {
        this.consumer = consumer;
        this.deadline = deadline;
        stored.forEach((partition, progress) -> {
            if (progress.leaderEpoch().isPresent()) {
                asked.put(AssignedPartitions.topicPartition(partition), progress);
            }
        });
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(asked.keySet());
    }

    /** Returns where topic and progress agree, of those partitions whose topic does not hold all that was read. */
    Map<Partition, PartitionProgress> run() {
        asked.forEach((partition, progress) ->
                consumer.seek(partition, new OffsetAndMetadata(progress.nextOffset(), progress.leaderEpoch(), "")));
        while (!asked.isEmpty()) {
            ask();
        }
        return truncated;
    }

    /** The client asks the broker for all of them with the first position; it throws for those that one broker answers for. */
    private void ask() {
        try {
            for (TopicPartition partition : asked.keySet()) {
                consumer.position(partition, deadline);
            }
            asked.clear();
        } catch (LogTruncationException cut) {
            if (Collections.disjoint(cut.partitions(), asked.keySet())) {
                throw cut;
            }
            for (TopicPartition partition : cut.partitions()) {
                PartitionProgress progress = asked.remove(partition);
                OffsetAndMetadata agreed = cut.divergentOffsets().getOrDefault(partition, new OffsetAndMetadata(0));
                if (progress != null) {
                    truncated.put(
                            AssignedPartitions.partition(partition),
                            new PartitionProgress(progress.topicId(), agreed.offset(), agreed.leaderEpoch()));
                }
                consumer.seek(partition, 0);
            }
        }
    }
}
