package io.rowrelay.common.runtime;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: each twice the one before up to a cap, then shortened at random by up to half, so that many daemons
 * do not come back at once.
 *
 * <p>The scheme is "equal jitter" of Marc Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015). Not
 * thread-safe.
 */
public final class Backoff {
    private final Duration first;
    private final Duration cap;
    private final RandomGenerator random;
    private Duration current;

    /** Begins at {@code first} and never waits longer than {@code cap}. */
    public Backoff(Duration first, Duration cap, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff needs 0 < first <= cap, got " + first + " and " + cap);
        }
        this.first = first;
        this.cap = cap;
        this.random = random;
        this.current = first;
    }

    /** Returns how long to wait before the next attempt. */
    public Duration next() {
        long nanos = current.toNanos();
        current = current.multipliedBy(2).compareTo(cap) > 0 ? cap : current.multipliedBy(2);
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }

    /** Begins again after a success. */
    public void reset() {
        current = first;
    }
}
