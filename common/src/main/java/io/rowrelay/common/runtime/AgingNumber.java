package io.rowrelay.common.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A number that was measured, and is not known any more (NaN) once it is older than a limit: while its source is out of reach,
 * a gauge must not go on showing the last number. Thread-safe.
 */
public final class AgingNumber {
    private record Measured(double number, long at) {}

    private final long limitNanos;
    private final LongSupplier nanoClock;
    private volatile Measured measured;

    /** Not known at first. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public AgingNumber(Duration limit, LongSupplier nanoClock) {
        this.limitNanos = limit.toNanos();
        this.nanoClock = nanoClock;
        this.measured = new Measured(Double.NaN, nanoClock.getAsLong());
    }

    /** Sets the number; NaN if it is unknown. */
    public void set(double number) {
        measured = new Measured(number, nanoClock.getAsLong());
    }

    /** The last number, or NaN. */
    public double get() {
        Measured last = measured;
        return nanoClock.getAsLong() - last.at() > limitNanos ? Double.NaN : last.number();
    }
}
