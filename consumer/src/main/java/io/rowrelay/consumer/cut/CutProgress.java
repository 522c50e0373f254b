package io.rowrelay.consumer.cut;

import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream is applied, and from where reading goes on.
 *
 * @param source the system identifier of the source; 0 when nothing is applied yet
 * @param applied the state of the source that the destination shows
 * @param window the newest that was applied; null when none is
 * @param takenAt when the source was in that state; null when nothing is applied yet
 * @param nextOffsets everything before them is applied, or not wanted
 * @param topicIds the identity of each topic, by its name
 */
public record CutProgress(
        long source,
        Snapshot applied,
        @Nullable WindowId window,
        @Nullable Instant takenAt,
        Map<Partition, Long> nextOffsets,
        Map<String, String> topicIds) {
    public CutProgress {
        nextOffsets = Map.copyOf(nextOffsets);
        topicIds = Map.copyOf(topicIds);
    }
}
