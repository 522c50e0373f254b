package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Evidence.Place;
import java.util.HashMap;
import java.util.Map;

/** Which places of the topic may have held other records before brokers lost them. Used by one thread. */
final class Losses {
    private final Map<Integer, Long> firstLost = new HashMap<>();

    /** Adds the first offset of each partition that may be lost. */
    void add(Map<Integer, Long> firstOffsets) {
        firstOffsets.forEach((partition, offset) -> firstLost.merge(partition, offset, Math::min));
    }

    /** Whether another record may have been here before. */
    boolean reach(Place place) {
        return place.offset() >= firstLost.getOrDefault(place.partition(), Long.MAX_VALUE);
    }

    /** Whether nothing was lost. */
    boolean isEmpty() {
        return firstLost.isEmpty();
    }
}
