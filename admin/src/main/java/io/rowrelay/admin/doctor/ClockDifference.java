package io.rowrelay.admin.doctor;

import java.time.Duration;
import java.time.Instant;

/**
 * How far another clock is from this machine's, found by asking it.
 *
 * @param ahead how far it is ahead; negative for behind
 * @param uncertainty how wrong that can be, since the question took time
 */
public record ClockDifference(Duration ahead, Duration uncertainty) {
    private static final Duration TOLERATED = Duration.ofSeconds(1);

    /** The other clock's answer, and when it was asked for and came by our own. */
    public static ClockDifference of(Instant asked, Instant answer, Instant answered) {
        Duration half = Duration.between(asked, answered).dividedBy(2);
        return new ClockDifference(Duration.between(asked.plus(half), answer), half);
    }

    /** Whether it is surely more than a second. */
    public boolean matters() {
        return ahead.abs().minus(uncertainty).compareTo(TOLERATED) > 0;
    }

    @Override
    public String toString() {
        return ahead.abs().toMillis() + " ms " + (ahead.isNegative() ? "behind" : "ahead of")
                + " this machine's, give or take " + uncertainty.toMillis() + " ms";
    }
}
