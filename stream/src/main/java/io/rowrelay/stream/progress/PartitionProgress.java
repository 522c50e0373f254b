package io.rowrelay.stream.progress;

import java.util.Map;
import java.util.Optional;

/**
 * How far a partition is finished.
 *
 * @param topicId the topic's identity, which a topic of the same name that is created later does not share
 * @param nextOffset the first offset that is not finished
 * @param leaderEpoch the partition's leader epoch when what comes before was read, which tells whether the topic still holds it;
 *     empty where it is not known
 */
public record PartitionProgress(String topicId, long nextOffset, Optional<Integer> leaderEpoch) {
    /** For a partition whose leader epoch is not known. */
    public PartitionProgress(String topicId, long nextOffset) {
        this(topicId, nextOffset, Optional.empty());
    }

    /** Whether this is at least as far as {@code other}, on the same topic. */
    public boolean covers(PartitionProgress other) {
        return topicId.equals(other.topicId) && nextOffset >= other.nextOffset;
    }

    /** Whether {@code stored} is at least as far as {@code other}, for each partition that {@code other} has. */
    public static <P> boolean cover(Map<P, PartitionProgress> stored, Map<P, PartitionProgress> other) {
        return other.entrySet().stream().allMatch(each -> {
            PartitionProgress known = stored.get(each.getKey());
            return known != null && known.covers(each.getValue());
        });
    }
}
