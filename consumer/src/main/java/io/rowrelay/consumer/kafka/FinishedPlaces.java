package io.rowrelay.consumer.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition of this consumer is finished, for those who look from outside: written by the loop's thread, read
 * by any.
 */
final class FinishedPlaces {
    /** A partition of which nobody has said yet where to begin. */
    static final long UNKNOWN = -1;

    private final Map<Integer, Long> next = new ConcurrentHashMap<>();
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
        partitions.forEach(partition -> next.put(partition.partition(), UNKNOWN));
    }

    void finished(TopicPartition partition, long nextOffset) {
        next.put(partition.partition(), nextOffset);
    }

    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> next.remove(partition.partition()));
    }

    /** The next offset to be finished by partition, or {@link #UNKNOWN}; empty as long as the group has given nothing out. */
    Optional<Map<Integer, Long>> read() {
        return assigned ? Optional.of(new HashMap<>(next)) : Optional.empty();
    }
}
