package io.rowrelay.sandbox.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The goals, one place for all of them, and the units that they are in. */
final class Goals {
    static final String RATE = "changes/s";
    static final String RATIO = "times";
    static final String SECONDS = "s";
    static final String MILLISECONDS = "ms";
    static final String CPU = "CPU s per 100,000";
    static final String MEGABYTES = "MB";
    static final String PERCENT_OF_A_CORE = "% of a core";
    static final String TRANSACTIONS = "tx/s";

    private static final Map<String, Goal> GOALS = Map.ofEntries(
            Map.entry(Drain.NAME + Drain.AGAINST_LOGICAL, Goal.atLeast(0.6)),
            Map.entry(Drain.NAME + Drain.CPU_OF_DAEMONS, Goal.atMost(3)),
            Map.entry(Drain.NAME + Drain.CPU_OF_EVERYTHING, Goal.atMost(8)),
            Map.entry(Drain.NAME + Drain.PEAK_OF_PRODUCER, Goal.atMost(350)),
            Map.entry(Drain.NAME + Drain.PEAK_OF_CONSUMER, Goal.atMost(350)),
            Map.entry(Drain.NAME + Drain.READY, Goal.atMost(3)),
            Map.entry(CatchUp.NAME + CatchUp.AGAINST_LOGICAL_DRAIN, Goal.atLeast(0.83)),
            Map.entry(CatchUp.NAME + CatchUp.FIRST_ROW, Goal.atMost(3)));

    @Nullable
    Goal of(String measurement, String name) {
        return GOALS.get(measurement + name);
    }
}
