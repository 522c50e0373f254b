package io.rowrelay.sandbox.bench;

import java.util.Arrays;

/** Measured times, all of them kept, so that percentiles are exact. */
final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sortedNanos;

    Samples(long[] nanos) {
        this.sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    int count() {
        return sortedNanos.length;
    }

    /** The time that so many percent of the samples did not exceed, by the nearest-rank rule, in milliseconds. */
    double percentileMillis(double percent) {
        if (sortedNanos.length == 0) {
            throw new IllegalStateException("Nothing was measured");
        }
        int rank = (int) Math.ceil(percent / 100 * sortedNanos.length);
        return sortedNanos[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
    }
}
