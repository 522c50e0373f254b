package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Goal;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.util.Map;

/** What the figures should be. */
public final class Goals {
    private static final Map<Figures.Name, Goal> GOALS = Map.ofEntries(
            goal(Drain.NAME, Drain.AGAINST_LOGICAL, Goal.atLeast(0.6)),
            goal(Drain.NAME, RowrelayReplication.NAME + LoadFigures.CPU_OF_DAEMONS, Goal.atMost(3)),
            goal(Drain.NAME, RowrelayReplication.NAME + LoadFigures.CPU_OF_EVERYTHING, Goal.atMost(8)),
            goal(Drain.NAME, peakMemory(RowrelayReplication.PRODUCER), Goal.atMost(350)),
            goal(Drain.NAME, peakMemory(RowrelayReplication.CONSUMER), Goal.atMost(350)),
            goal(Drain.NAME, Drain.READY, Goal.atMost(3)),
            goal(Drain.NAME, Drain.IDLE_DAEMONS, Goal.atMost(3)),
            goal(CatchUpTime.NAME, CatchUpTime.AGAINST_LOGICAL_DRAIN, Goal.atLeast(0.83)),
            goal(CatchUpTime.NAME, CatchUpTime.FIRST_ROW, Goal.atMost(3)),
            goal(CatchUpTime.NAME, peakMemory(RowrelayReplication.PRODUCER), Goal.atMost(350)),
            goal(CatchUpTime.NAME, peakMemory(RowrelayReplication.CONSUMER), Goal.atMost(350)),
            goal(Latency.NAME, latency(Latency.SINGLE, 50), Goal.atMost(15)),
            goal(Latency.NAME, latency(Latency.rate(500), 50), Goal.atMost(5)),
            goal(Latency.NAME, latency(Latency.rate(500), 99), Goal.atMost(25)),
            goal(Latency.NAME, latency(Latency.rate(2_000), 50), Goal.atMost(10)),
            goal(Latency.NAME, latency(Latency.rate(2_000), 99), Goal.atMost(50)),
            goal(Cuts.NAME, Cuts.AGAINST_LOGICAL, Goal.atLeast(0.55)),
            goal(Cuts.NAME, Cuts.LATENCY_AGAINST_ROWS, Goal.atMost(1.3)),
            goal(FourTables.NAME, FourTables.AGAINST_LOGICAL, Goal.atLeast(0.4)),
            goal(ManyTables.NAME, ManyTables.name(500) + ", " + ManyTables.latency(50), Goal.atMost(10)),
            goal(ManyTables.NAME, ManyTables.name(500) + ", " + ManyTables.latency(99), Goal.atMost(60)),
            goal(ManyTables.NAME, ManyTables.name(500) + ", " + ManyTables.MEMORY, Goal.atMost(450)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, 8), Goal.atLeast(0.85)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, "INSERT"), Goal.atMost(3)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, "UPDATE"), Goal.atMost(3)),
            goal(SourceCost.NAME, SourceCost.againstOff(SourceCost.ON, "DELETE"), Goal.atMost(5)),
            goal(OpenTransaction.NAME, OpenTransaction.RATIO, Goal.atLeast(1)),
            goal(OpenTransaction.NAME, OpenTransaction.HOUR_RATIO, Goal.atMost(1)),
            goal(TailPoll.NAME, TailPoll.against(10_000_000, 10_000, "p50"), Goal.atMost(1)));

    private Goals() {}

    /** The goal of each figure that has one. */
    public static Map<Figures.Name, Goal> all() {
        return GOALS;
    }

    private static Map.Entry<Figures.Name, Goal> goal(String measurement, String name, Goal goal) {
        return Map.entry(new Figures.Name(measurement, name), goal);
    }

    private static String peakMemory(String daemon) {
        return RowrelayReplication.NAME + LoadFigures.PEAK_MEMORY + daemon;
    }

    private static String latency(String what, double percent) {
        return Latency.figure(RowrelayReplication.NAME, what, percent);
    }
}
