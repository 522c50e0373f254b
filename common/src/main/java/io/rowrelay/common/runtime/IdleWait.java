package io.rowrelay.common.runtime;

import java.time.Duration;

/**
 * How long a loop rests: not at all while there is work, then longer and longer up to a maximum. Not thread-safe.
 */
public final class IdleWait implements Pace {
    private static final Duration FIRST = Duration.ofMillis(1);

    private final Duration maximum;
    private Duration current = Duration.ZERO;

    /** Rests at most {@code maximum}. */
    public IdleWait(Duration maximum) {
        this.maximum = maximum;
    }

    @Override
    public Duration after(int workDone) {
        if (workDone > 0) {
            current = Duration.ZERO;
        } else if (current.isZero()) {
            current = FIRST;
        } else {
            current = current.multipliedBy(2);
        }
        if (current.compareTo(maximum) > 0) {
            current = maximum;
        }
        return current;
    }
}
