package io.rowrelay.sandbox.load;

import java.time.Duration;
import java.util.Arrays;

/** Measured times, all of them kept, so that percentiles are exact. */
public final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    /** 99.9 is not quite 99.9 in binary; that must not make the rank one larger. */
    private static final double ROUNDING_ERROR = 1e-6;

    private final long[] sortedNanos;

    /** The times may come in any order. */
    public Samples(long[] nanos) {
        this.sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    /** How many there are. */
    public int count() {
        return sortedNanos.length;
    }

    /** The time that this percentage of the samples did not exceed, by the nearest-rank rule; there must be a sample. */
    public Duration percentile(double percent) {
        if (sortedNanos.length == 0) {
            throw new IllegalStateException("Nothing was measured");
        }
        int rank = (int) Math.ceil(percent * sortedNanos.length / 100 - ROUNDING_ERROR);
        return Duration.ofNanos(sortedNanos[Math.max(rank, 1) - 1]);
    }

    /** The same in milliseconds. */
    public double percentileMillis(double percent) {
        return percentile(percent).toNanos() / NANOS_PER_MILLI;
    }
}
