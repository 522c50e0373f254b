package io.rowrelay.bench.measure;

import java.time.Duration;
import java.util.List;

/**
 * How much is done in a round.
 *
 * @param warmUpChanges changes made before the measured ones
 * @param drainWarmUpChanges changes made before those of the drain that is compared with logical replication
 * @param drainChanges changes of the drain
 * @param catchUpChanges changes that wait for the catch-up
 * @param otherCatchUpChanges other numbers of them, ascending, to see how the time grows
 * @param latencyWarmUp how long small batches are practised before the first rate
 * @param latencyLeadIn how long transactions run before they count
 * @param latencyLength how long they count
 * @param singleChanges single changes on an idle replication
 * @param settling how long nothing happens before it counts as idle
 * @param idleLength how long the idle daemons are looked at
 * @param sourceLeadIn how long the clients of the source run before it counts
 * @param sourceLength how long they count
 * @param bulkRepetitions how often each large statement is run
 * @param openFor how long a transaction counts as open, by what that leaves behind
 * @param tailRows numbers of published changes in the change table, ascending
 * @param tailRepetitions how often each is measured
 */
public record Sizes(
        int warmUpChanges,
        int drainWarmUpChanges,
        int drainChanges,
        int catchUpChanges,
        List<Integer> otherCatchUpChanges,
        Duration latencyWarmUp,
        Duration latencyLeadIn,
        Duration latencyLength,
        int singleChanges,
        Duration settling,
        Duration idleLength,
        Duration sourceLeadIn,
        Duration sourceLength,
        int bulkRepetitions,
        Duration openFor,
        List<Integer> tailRows,
        int tailRepetitions) {
    public Sizes {
        otherCatchUpChanges = List.copyOf(otherCatchUpChanges);
        tailRows = List.copyOf(tailRows);
    }

    /** What the results are made with. */
    public static Sizes normal() {
        return large(List.of(250_000, 1_000_000), List.of(10_000, 1_000_000));
    }

    /** With the largest tables, too. */
    public static Sizes full() {
        return large(List.of(250_000, 1_000_000, 5_000_000), List.of(10_000, 10_000_000));
    }

    /** Only to see that everything works: the figures mean little. */
    public static Sizes quick() {
        Duration second = Duration.ofSeconds(1);
        return new Sizes(
                5_000,
                5_000,
                10_000,
                20_000,
                List.of(),
                second,
                second,
                second,
                3,
                second,
                second,
                Duration.ofMillis(200),
                second,
                1,
                Duration.ofMinutes(1),
                List.of(1_000, 100_000),
                1);
    }

    private static Sizes large(List<Integer> catchUps, List<Integer> tails) {
        return new Sizes(
                600_000,
                // Once warm: a JVM takes a minute of work until it has compiled what it needs
                // (docs/design/performance.md).
                2_000_000,
                200_000,
                500_000,
                catchUps,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(6),
                60,
                // For as long as that the JVM still compiles what polling needs.
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                5,
                Duration.ofHours(1),
                tails,
                2);
    }
}
