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
            goal(Drain.NAME, Drain.AGAINST_LOGICAL, Goal.atLeast(0.6)),
            goal(Drain.NAME, RowrelayPipeline.NAME + LoadFigures.CPU_OF_DAEMONS, Goal.atMost(3)),
            goal(Drain.NAME, RowrelayPipeline.NAME + LoadFigures.CPU_OF_EVERYTHING, Goal.atMost(8)),
            goal(Drain.NAME, peakMemory(RowrelayPipeline.PRODUCER), Goal.atMost(350)),
            goal(Drain.NAME, peakMemory(RowrelayPipeline.CONSUMER), Goal.atMost(350)),
            goal(Drain.NAME, Drain.READY, Goal.atMost(3)),
            goal(Drain.NAME, Drain.IDLE_DAEMONS, Goal.atMost(3)),
            goal(CatchUp.NAME, CatchUp.AGAINST_LOGICAL_DRAIN, Goal.atLeast(0.83)),
            goal(CatchUp.NAME, CatchUp.FIRST_ROW, Goal.atMost(3)),
            goal(CatchUp.NAME, peakMemory(RowrelayPipeline.PRODUCER), Goal.atMost(350)),
            goal(CatchUp.NAME, peakMemory(RowrelayPipeline.CONSUMER), Goal.atMost(350)),
            goal(Latency.NAME, latency(Latency.SINGLE, 50), Goal.atMost(15)),
            goal(Latency.NAME, latency(Latency.rate(500), 50), Goal.atMost(5)),
            goal(Latency.NAME, latency(Latency.rate(500), 99), Goal.atMost(25)),
            goal(Latency.NAME, latency(Latency.rate(2_000), 50), Goal.atMost(10)),
            goal(Latency.NAME, latency(Latency.rate(2_000), 99), Goal.atMost(50)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, 8), Goal.atLeast(0.85)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, "INSERT"), Goal.atMost(3)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, "UPDATE"), Goal.atMost(3)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, "DELETE"), Goal.atMost(5)),
            goal(OpenTransaction.NAME, OpenTransaction.RATIO, Goal.atLeast(1)),
            goal(OpenTransaction.NAME, OpenTransaction.HOUR_RATIO, Goal.atMost(1)),
            goal(TailPoll.NAME, TailPoll.against(10_000_000, 10_000, "p50"), Goal.atMost(1)));

    @Nullable
    Goal of(String measurement, String name) {
        return GOALS.get(measurement + name);
    }

    private static Map.Entry<String, Goal> goal(String measurement, String name, Goal goal) {
        return Map.entry(measurement + name, goal);
    }

    private static String peakMemory(String daemon) {
        return RowrelayPipeline.NAME + LoadFigures.PEAK_MEMORY + daemon;
    }

    private static String latency(String what, double percent) {
        return Latency.figure(RowrelayPipeline.NAME, what, percent);
    }
}
