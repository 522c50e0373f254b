package io.rowrelay.stream.progress;

import io.rowrelay.stream.record.Partition;
import java.util.OptionalLong;

/**
 * What the broker knows of a partition that a consumer has just been given.
 *
 * @param partition which
 * @param topicId the topic's identity
 * @param first the first offset that the topic still holds
 * @param end the offset that the next record will get
 * @param committed the offset that the group has committed, if it has
 * @param ofAnother whether the group fed another destination when it committed that
 */
public record PartitionState(
        Partition partition, String topicId, long first, long end, OptionalLong committed, boolean ofAnother) {}
