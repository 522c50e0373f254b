package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.sql.SQLException;
import java.util.Map;

/**
 * Changes made at full speed while the replication runs, from the first write until the destination is equal; what that
 * costs in CPU and memory, and what the daemons cost while nothing happens.
 */
public final class Drain extends Measurement {
    public static final String NAME = "drain";
    public static final String AGAINST_LOGICAL = "rowrelay against logical replication";
    public static final String READY = "both daemons ready after their start";
    static final String IDLE_DAEMONS = "idle, CPU of both daemons";

    private final LoadFigures loads;

    public Drain(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, true);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            long startNanos = System.nanoTime();
            rowrelay.start();
            rowrelay.awaitReady();
            figures.add(NAME, READY, Unit.SECONDS, (System.nanoTime() - startNanos) / 1e9);
            measure(rowrelay);
            loads.addPeakMemory(rowrelay, rowrelay.name());
            loads.addServerMemory(rowrelay, rowrelay.name());
            addIdle(IdleCost.percentOfACore(rowrelay, sizes.settling(), sizes.idleLength()));
        }
        try (LogicalReplication logical = stack.logicalReplication()) {
            logical.start();
            logical.awaitReady();
            measure(logical);
            loads.addServerMemory(logical, logical.name());
        }
    }

    @Override
    void conclude() {
        figures.addRatio(
                NAME,
                AGAINST_LOGICAL,
                figures.find(NAME, RowrelayReplication.NAME),
                figures.find(NAME, LogicalReplication.NAME));
    }

    private void measure(Replication replication) throws SQLException {
        Load before = warmUp(replication, sizes.drainWarmUpChanges());
        loads.measure(replication, before.next(sizes.drainChanges()), replication.name());
    }

    private void addIdle(Map<String, Double> percent) {
        percent.forEach(
                (process, share) -> figures.add(NAME, "idle, CPU of the " + process, Unit.PERCENT_OF_A_CORE, share));
        if (!percent.isEmpty()) {
            double daemons = percent.getOrDefault(RowrelayReplication.PRODUCER, 0.0)
                    + percent.getOrDefault(RowrelayReplication.CONSUMER, 0.0);
            figures.add(NAME, IDLE_DAEMONS, Unit.PERCENT_OF_A_CORE, daemons);
        }
    }
}
