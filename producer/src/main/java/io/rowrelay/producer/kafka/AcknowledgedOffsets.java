package io.rowrelay.producer.kafka;

import io.rowrelay.producer.capture.PublishedOffsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Up to where each partition has acknowledged. A client's records are acknowledged in the order of their offsets, so one that
 * comes before what was acknowledged already shows that the partition was cut. Safe for any thread.
 */
final class AcknowledgedOffsets {
    private final Map<Integer, PublishedOffsets.Last> partitions = new HashMap<>();
    private @Nullable String topicId;
    private @Nullable String contradiction;

    /** What is published before anything is acknowledged. */
    synchronized void begin(PublishedOffsets published) {
        topicId = published.topicId();
        partitions.clear();
        partitions.putAll(published.partitions());
        contradiction = null;
    }

    synchronized void acknowledged(int partition, long offset, long actionId) {
        PublishedOffsets.Last last = partitions.getOrDefault(partition, PublishedOffsets.Last.NOTHING);
        if (offset >= last.nextOffset()) {
            partitions.put(partition, new PublishedOffsets.Last(offset + 1, actionId));
        } else if (contradiction == null) {
            // What was known before stays, so that what is stored goes on to show the loss.
            contradiction = "partition " + partition + " has put a new record at offset " + offset
                    + ", and had acknowledged up to offset " + (last.nextOffset() - 1) + " before";
        }
    }

    synchronized Optional<String> contradiction() {
        return Optional.ofNullable(contradiction);
    }

    synchronized PublishedOffsets published() {
        return new PublishedOffsets(topicId == null ? "" : topicId, partitions);
    }
}
