package io.rowrelay.sandbox.bench;

import java.time.Duration;
import java.util.List;

/**
 * How much is done in a round.
 *
 * @param warmUpChanges changes made before the measured ones
 * @param drainChanges changes of the drain
 * @param catchUpChanges changes that wait for the catch-up
 * @param otherCatchUpChanges other numbers of them, to see how the time grows
 * @param latencyLeadIn how long transactions run before they count
 * @param latencyLength how long they count
 * @param idleChanges single changes on an idle pipeline
 */
record Sizes(
        int warmUpChanges,
        int drainChanges,
        int catchUpChanges,
        List<Integer> otherCatchUpChanges,
        Duration latencyLeadIn,
        Duration latencyLength,
        int idleChanges) {
    Sizes {
        otherCatchUpChanges = List.copyOf(otherCatchUpChanges);
    }

    /** What the results are made with. */
    static Sizes normal() {
        return new Sizes(
                200_000,
                200_000,
                500_000,
                List.of(250_000, 1_000_000),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                20);
    }

    /** All that an hour allows. */
    static Sizes full() {
        Sizes normal = normal();
        return new Sizes(
                normal.warmUpChanges,
                normal.drainChanges,
                normal.catchUpChanges,
                List.of(250_000, 1_000_000, 5_000_000),
                normal.latencyLeadIn,
                Duration.ofSeconds(20),
                50);
    }

    /** Only to see that everything works: the figures mean little. */
    static Sizes quick() {
        return new Sizes(
                10_000, 20_000, 50_000, List.of(25_000, 100_000), Duration.ofSeconds(1), Duration.ofSeconds(3), 5);
    }
}
