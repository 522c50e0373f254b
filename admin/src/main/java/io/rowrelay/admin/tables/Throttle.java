package io.rowrelay.admin.tables;

import java.time.Duration;
import java.util.Optional;

/** Limits work to a number of rows a second on average. Not thread-safe. */
public final class Throttle {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Optional<Integer> rowsPerSecond;

    /** Without a rate it never rests. */
    public Throttle(Optional<Integer> rowsPerSecond) {
        this.rowsPerSecond = rowsPerSecond;
    }

    /** How long to rest after this many rows that took this long. */
    public Duration rest(long rows, Duration took) {
        return rowsPerSecond
                .map(rate -> Duration.ofNanos(Math.max(0, rows * NANOS_PER_SECOND / rate - took.toNanos())))
                .orElse(Duration.ZERO);
    }
}
