package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.record.Partition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition of this consumer is finished, for those who look from outside: written by the loop's thread, read by any.
 */
final class AppliedOffsets {
    /** A partition of which nobody has said yet where to begin. */
    static final long UNKNOWN = -1;

    private final Map<Partition, Long> next = new ConcurrentHashMap<>();
    private volatile boolean assigned;

    /** The group has shared out its partitions; none may be this consumer's. */
    void assigned() {
        assigned = true;
    }

    /** This consumer is not in the group any more. */
    void lost() {
        assigned = false;
    }

    void unknown(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> finished(partition, UNKNOWN));
    }

    void finished(TopicPartition partition, long nextOffset) {
        next.put(AssignedPartitions.partition(partition), nextOffset);
    }

    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> next.remove(AssignedPartitions.partition(partition)));
    }

    /** The next offset to be finished by partition, or {@link #UNKNOWN}; empty as long as the group has given nothing out. */
    Optional<Map<Partition, Long>> read() {
        return assigned ? Optional.of(new HashMap<>(next)) : Optional.empty();
    }
}
