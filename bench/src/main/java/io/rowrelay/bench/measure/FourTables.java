package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.TimedLoad;
import io.rowrelay.bench.load.Transfers;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.BenchTables;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.SQLException;

/** Transactions over four tables as those of TPC-B, applied in cuts, against logical replication. */
public final class FourTables extends Measurement {
    static final String NAME = "four-tables";
    static final String AGAINST_LOGICAL = "in cuts against logical replication";

    private static final int CHANGES_OF_A_TRANSACTION = 4;
    private static final int TRANSACTIONS_PER_SECOND = 500;

    private final LoadFigures loads;

    public FourTables(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, true);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayReplication cuts = stack.rowrelayInCuts(BenchTables.TPC_B)) {
            measure(cuts);
        }
        try (LogicalReplication logical = stack.logicalReplication(BenchTables.TPC_B)) {
            measure(logical);
        }
    }

    @Override
    void conclude() {
        figures.addRatio(
                NAME,
                AGAINST_LOGICAL,
                figures.find(NAME, RowrelayReplication.IN_CUTS),
                figures.find(NAME, LogicalReplication.NAME));
    }

    private void measure(Replication replication) throws SQLException {
        replication.start();
        replication.awaitReady();
        Transfers before = new Transfers(1, sizes.warmUpChanges() / CHANGES_OF_A_TRANSACTION);
        TimedLoad.run(replication, before);
        Transfers drain = before.next(sizes.drainChanges() / CHANGES_OF_A_TRANSACTION);
        loads.measure(replication, drain, replication.name());
        int nextId = practise(replication, drain.next(1).first());
        replication.databases().settle();
        Schedule schedule = Schedule.steady(TRANSACTIONS_PER_SECOND, sizes.latencyLeadIn(), sizes.latencyLength());
        Samples samples = latency(replication, schedule, nextId, SESSIONS).samples();
        for (int percent : new int[] {50, 99}) {
            figures.add(
                    NAME,
                    Latency.figure(replication.name(), Latency.rate(TRANSACTIONS_PER_SECOND), percent),
                    Unit.MILLISECONDS,
                    samples.percentileMillis(percent));
        }
        verify(replication);
    }
}
