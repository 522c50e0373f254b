package io.rowrelay.consumer.apply;

/**
 * How far one partition of the topic is finished.
 *
 * @param partition its number
 * @param topicId the topic's identity, which a topic of the same name that is created later does not share
 * @param nextOffset the first offset that is not finished
 */
public record PartitionProgress(int partition, String topicId, long nextOffset) {

    /** Whether everything that {@code other} says is finished is finished here too. */
    public boolean covers(PartitionProgress other) {
        return partition == other.partition && topicId.equals(other.topicId) && nextOffset >= other.nextOffset;
    }
}
