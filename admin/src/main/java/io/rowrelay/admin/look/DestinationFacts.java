package io.rowrelay.admin.look;

import java.time.Instant;
import java.util.Map;

/**
 * What the destination knows of a stream.
 *
 * @param places how far each partition is applied
 */
public record DestinationFacts(Map<Integer, Place> places) {

    public DestinationFacts {
        places = Map.copyOf(places);
    }

    /**
     * How far a partition is applied.
     *
     * @param topicId the identity of the topic that was applied
     * @param nextOffset everything before it is applied, or a dead letter
     * @param updatedAt when it moved, by the destination's clock
     */
    public record Place(String topicId, long nextOffset, Instant updatedAt) {}
}
