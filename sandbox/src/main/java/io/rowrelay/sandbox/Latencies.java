package io.rowrelay.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * Times from commit in the source to visible in the destination.
 *
 * @param sorted the times, ascending
 */
record Latencies(List<Duration> sorted) {
    Latencies {
        sorted = sorted.stream().sorted().toList();
    }

    /** The time that a share of the changes did not exceed, by the nearest-rank rule; zero if nothing was measured. */
    Duration percentile(double share) {
        if (sorted.isEmpty()) {
            return Duration.ZERO;
        }
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }
}
