package io.rowrelay.stream.cut;

import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.time.Instant;
import java.util.Map;

/** A record of the cut topic. */
public sealed interface CutRecord {
    /** Ends the name of the cut topic of a stream. */
    String TOPIC_SUFFIX = ".cuts";

    /** Which window it is about. */
    WindowId window();

    /** The system identifier of the cluster that the window was read from. */
    long source();

    /**
     * Records of a long window come.
     *
     * @param s1 the state of the source before the window
     */
    record Opened(WindowId window, long source, Snapshot s1) implements CutRecord {}

    /**
     * All records of a window are sent. The window is complete when as many as counted, less the {@link Missing} ones, are there.
     *
     * @param s1 the state of the source before the window
     * @param s2 the state of the source after it
     * @param takenAt when the source was in this state, by its own clock
     * @param counts how many records of the window went to each partition; those that got none are left out
     */
    record Cut(WindowId window, long source, Snapshot s1, Snapshot s2, Instant takenAt, Map<Partition, Long> counts)
            implements CutRecord {
        public Cut {
            counts = checked(counts);
        }
    }

    /**
     * Records that were counted will not come: the broker refused them after the cut was sent. References to them are on the dead-letter
     * topic, and the state after the window is none that the source had.
     *
     * @param counts how many, of each partition
     */
    record Missing(WindowId window, long source, Map<Partition, Long> counts) implements CutRecord {
        public Missing {
            counts = checked(counts);
        }
    }

    private static Map<Partition, Long> checked(Map<Partition, Long> counts) {
        if (counts.values().stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("a count below one: " + counts);
        }
        return Map.copyOf(counts);
    }
}
