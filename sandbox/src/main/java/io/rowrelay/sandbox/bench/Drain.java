package io.rowrelay.sandbox.bench;

import java.sql.SQLException;
import java.util.Map;

/**
 * Changes made at full speed while the pipeline runs, from the first write until the destination is equal; what that
 * costs in CPU and memory, and what the daemons cost while nothing happens.
 */
final class Drain extends Measurement {
    static final String NAME = "drain";
    static final String AGAINST_LOGICAL = "rowrelay against logical replication";
    static final String READY = "both daemons ready after their start";
    static final String IDLE_DAEMONS = "idle, CPU of both daemons";

    private final LoadFigures loads;

    Drain(Bed bed, Figures figures, Sizes sizes) {
        super(NAME, bed, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, true);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
            long startNanos = System.nanoTime();
            rowrelay.start();
            rowrelay.awaitReady();
            figures.add(NAME, READY, Goals.SECONDS, (System.nanoTime() - startNanos) / 1e9);
            measure(rowrelay);
            loads.addPeakMemory(rowrelay, rowrelay.name());
            loads.addServerMemory(rowrelay, rowrelay.name());
            addIdle(Idle.percentOfACore(rowrelay, sizes.settling(), sizes.idleLength()));
        }
        try (LogicalReplication logical = bed.logicalReplication()) {
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
                figures.find(NAME, RowrelayPipeline.NAME),
                figures.find(NAME, LogicalReplication.NAME));
    }

    private void measure(Pipeline pipeline) throws SQLException {
        Load before = warmUp(pipeline, sizes.drainWarmUpChanges());
        loads.measure(pipeline, before.next(sizes.drainChanges()), pipeline.name());
    }

    private void addIdle(Map<String, Double> percent) {
        percent.forEach(
                (process, share) -> figures.add(NAME, "idle, CPU of the " + process, Goals.PERCENT_OF_A_CORE, share));
        if (!percent.isEmpty()) {
            double daemons = percent.getOrDefault(RowrelayPipeline.PRODUCER, 0.0)
                    + percent.getOrDefault(RowrelayPipeline.CONSUMER, 0.0);
            figures.add(NAME, IDLE_DAEMONS, Goals.PERCENT_OF_A_CORE, daemons);
        }
    }
}
