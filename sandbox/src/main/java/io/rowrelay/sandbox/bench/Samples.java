package io.rowrelay.sandbox.bench;

import java.util.Arrays;

/** Measured times, all of them kept, so that percentiles are exact. */
final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    /** 99.9 is not quite 99.9 in binary; that must not make the rank one larger. */
    private static final double ROUNDING_ERROR = 1e-6;

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
        int rank = (int) Math.ceil(percent * sortedNanos.length / 100 - ROUNDING_ERROR);
        return sortedNanos[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
    }
}
