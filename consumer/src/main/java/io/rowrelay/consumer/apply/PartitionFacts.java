package io.rowrelay.consumer.apply;

import java.util.OptionalLong;

/**
 * What the broker knows of a partition that this consumer has just been given.
 *
 * @param partition its number
 * @param topicId the topic's identity
 * @param first the first offset that the topic still holds
 * @param end the offset that the next record will get
 * @param committed the offset that the group has committed, if it has
 * @param ofAnother whether the group fed another destination when it committed that
 */
public record PartitionFacts(
        int partition, String topicId, long first, long end, OptionalLong committed, boolean ofAnother) {}
