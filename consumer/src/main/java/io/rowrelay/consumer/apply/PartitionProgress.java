package io.rowrelay.consumer.apply;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * How far one partition of the topic is finished.
 *
 * @param partition its number
 * @param topicId the topic's identity, which a topic of the same name that is created later does not share
 * @param nextOffset the first offset that is not finished
 * @param leaderEpoch the partition's leader epoch when what comes before was read, which tells whether the topic still holds it;
 *     empty where it is not known
 */
public record PartitionProgress(int partition, String topicId, long nextOffset, Optional<Integer> leaderEpoch) {

    /** Of a partition whose leader epoch is not known. */
    public PartitionProgress(int partition, String topicId, long nextOffset) {
        this(partition, topicId, nextOffset, Optional.empty());
    }

    /** Whether everything that {@code places} say is finished is finished by {@code stored} too, which is by partition. */
    public static boolean cover(Map<Integer, PartitionProgress> stored, Collection<PartitionProgress> places) {
        return places.stream().allMatch(place -> {
            PartitionProgress known = stored.get(place.partition());
            return known != null && known.covers(place);
        });
    }

    /** Whether everything that {@code other} says is finished is finished here too. */
    public boolean covers(PartitionProgress other) {
        return partition == other.partition && topicId.equals(other.topicId) && nextOffset >= other.nextOffset;
    }
}
