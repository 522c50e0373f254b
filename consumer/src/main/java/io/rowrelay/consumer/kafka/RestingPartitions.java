package io.rowrelay.consumer.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/** Partitions that are not read for a moment, since their next record cannot be read or applied yet. Not thread-safe. */
final class RestingPartitions {
    private final LongSupplier nanoClock;
    private final Map<TopicPartition, Long> until = new HashMap<>();

    RestingPartitions(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void rest(TopicPartition partition, Duration time) {
        until.put(partition, nanoClock.getAsLong() + time.toNanos());
    }

    /** Those of which the moment is over; they rest no more. */
    Set<TopicPartition> rested() {
        Set<TopicPartition> rested = new HashSet<>();
        until.forEach((partition, time) -> {
            if (nanoClock.getAsLong() - time >= 0) {
                rested.add(partition);
            }
        });
        forget(rested);
        return rested;
    }

    /** The others of these. */
    Set<TopicPartition> awakeOf(Set<TopicPartition> partitions) {
        Set<TopicPartition> awake = new HashSet<>(partitions);
        awake.removeAll(until.keySet());
        return awake;
    }

    void forget(Collection<TopicPartition> partitions) {
        until.keySet().removeAll(Set.copyOf(partitions));
    }
}
