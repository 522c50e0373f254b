package io.rowrelay.consumer.kafka;

import io.rowrelay.consumer.apply.PartitionProgress;
import io.rowrelay.consumer.apply.Stretch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far each partition of this consumer has been read, and those of which nobody has said where to begin. Not thread-safe. */
final class Places {
    private final Map<TopicPartition, PartitionProgress> settled = new HashMap<>();
    private final Set<TopicPartition> unsettled = new HashSet<>();

    void unsettle(Collection<TopicPartition> partitions) {
        settled.keySet().removeAll(Set.copyOf(partitions));
        unsettled.addAll(partitions);
    }

    void settle(TopicPartition partition, PartitionProgress place) {
        unsettled.remove(partition);
        settled.put(partition, place);
    }

    void forget(Collection<TopicPartition> partitions) {
        settled.keySet().removeAll(Set.copyOf(partitions));
        unsettled.removeAll(Set.copyOf(partitions));
    }

    Set<TopicPartition> unsettled() {
        return Set.copyOf(unsettled);
    }

    Set<TopicPartition> settled() {
        return Set.copyOf(settled.keySet());
    }

    /** Whether a partition is being read that began on another topic than this one. */
    boolean holdsAnother(String topicId) {
        return settled.values().stream().anyMatch(place -> !place.topicId().equals(topicId));
    }

    List<PartitionProgress> progress() {
        return List.copyOf(settled.values());
    }

    /** Moves on to where a poll has come; returns what it has read, sorted by partition. */
    List<Stretch> advance(Map<TopicPartition, OffsetAndMetadata> next) {
        List<Stretch> stretches = new ArrayList<>();
        next.forEach((partition, offset) -> {
            PartitionProgress place = settled.get(partition);
            if (place == null) {
                throw new IllegalStateException("read of partition " + partition + " without a place to begin");
            }
            if (offset.offset() > place.nextOffset()) {
                PartitionProgress after = new PartitionProgress(
                        place.partition(), place.topicId(), offset.offset(), offset.leaderEpoch());
                stretches.add(new Stretch(
                        place.partition(),
                        place.topicId(),
                        place.nextOffset(),
                        after.nextOffset(),
                        after.leaderEpoch()));
                settled.put(partition, after);
            }
        });
        stretches.sort(Comparator.comparingInt(Stretch::partition));
        return stretches;
    }
}
