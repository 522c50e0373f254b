package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.BenchTables;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.SQLException;

/** One table whose changes are applied in cuts, against the same row by row, and against logical replication. */
public final class Cuts extends Measurement {
    static final String NAME = "cuts";
    static final String AGAINST_LOGICAL = "in cuts against logical replication";
    static final String LATENCY_AGAINST_ROWS = "in cuts against row by row, p50";

    private static final int TRANSACTIONS_PER_SECOND = 2_000;

    private final LoadFigures loads;

    public Cuts(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, true);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayReplication rows = stack.rowrelay()) {
            measure(rows);
        }
        try (RowrelayReplication cuts = stack.rowrelayInCuts(BenchTables.EMPLOYEES)) {
            measure(cuts);
        }
        try (LogicalReplication logical = stack.logicalReplication()) {
            measure(logical);
        }
    }

    @Override
    void conclude() {
        ratio(AGAINST_LOGICAL, RowrelayReplication.IN_CUTS, LogicalReplication.NAME);
        ratio("row by row against logical replication", RowrelayReplication.NAME, LogicalReplication.NAME);
        ratio(LATENCY_AGAINST_ROWS, latency(RowrelayReplication.IN_CUTS, 50), latency(RowrelayReplication.NAME, 50));
    }

    private void ratio(String name, String dividend, String divisor) {
        figures.addRatio(NAME, name, figures.find(NAME, dividend), figures.find(NAME, divisor));
    }

    private void measure(Replication replication) throws SQLException {
        replication.start();
        replication.awaitReady();
        Load drain = warmUp(replication, sizes.drainWarmUpChanges()).next(sizes.drainChanges());
        loads.measure(replication, drain, replication.name());
        loads.addPeakMemory(replication, replication.name());
        int nextId = practise(replication, drain.next(10).firstId());
        replication.databases().settle();
        Schedule schedule = Schedule.steady(TRANSACTIONS_PER_SECOND, sizes.latencyLeadIn(), sizes.latencyLength());
        Samples samples = latency(replication, schedule, nextId, SESSIONS).samples();
        for (int percent : new int[] {50, 99}) {
            figures.add(
                    NAME, latency(replication.name(), percent), Unit.MILLISECONDS, samples.percentileMillis(percent));
        }
        verify(replication);
    }

    private static String latency(String replication, int percent) {
        return Latency.figure(replication, Latency.rate(TRANSACTIONS_PER_SECOND), percent);
    }
}
