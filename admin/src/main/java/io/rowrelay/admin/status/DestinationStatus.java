package io.rowrelay.admin.status;

import java.time.Instant;
import java.util.Map;

/**
 * What the destination knows of a stream.
 *
 * @param progress how far each partition is applied
 */
public record DestinationStatus(Map<Integer, Progress> progress) {

    public DestinationStatus {
        progress = Map.copyOf(progress);
    }

    /**
     * How far a partition is applied.
     *
     * @param topicId the identity of the topic that was applied
     * @param nextOffset everything before it is applied, or a dead letter
     * @param updatedAt when it moved, by the destination's clock
     */
    public record Progress(String topicId, long nextOffset, Instant updatedAt) {}
}
