package io.rowrelay.sandbox.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Changes that wait while nothing runs; then the daemons start, and the time counts until the destination is equal. */
final class CatchUp extends Measurement {
    static final String NAME = "catch-up";
    static final String FIRST_ROW_AFTER_START = ", first row after the start";
    static final String FIRST_ROW = RowrelayPipeline.NAME + FIRST_ROW_AFTER_START;
    static final String AGAINST_LOGICAL_DRAIN = "rowrelay against the drain of logical replication";
    static final String AGAINST_LOGICAL = "rowrelay against logical replication";

    private static final String TIME_PER_CHANGE = ", time per change";
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final LoadFigures loads;

    CatchUp(Bed bed, Figures figures, Sizes sizes) {
        super(NAME, bed, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, false);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
            measure(rowrelay, sizes.catchUpChanges(), rowrelay.name());
        }
        try (LogicalReplication logical = bed.logicalReplication()) {
            measure(logical, sizes.catchUpChanges(), logical.name());
        }
        // That the time grows with the changes and not faster needs no repetition.
        if (number == 1) {
            for (int changes : sizes.otherCatchUpChanges()) {
                try (RowrelayPipeline rowrelay = bed.rowrelay()) {
                    measure(rowrelay, changes, waiting(changes));
                }
            }
        }
    }

    @Override
    void conclude() {
        var rowrelay = figures.find(NAME, RowrelayPipeline.NAME);
        figures.addRatio(NAME, AGAINST_LOGICAL, rowrelay, figures.find(NAME, LogicalReplication.NAME));
        figures.addRatio(NAME, AGAINST_LOGICAL_DRAIN, rowrelay, figures.find(Drain.NAME, LogicalReplication.NAME));
        // Where the time grows with the changes and not faster, each takes the same.
        for (int changes : sizes.otherCatchUpChanges()) {
            figures.addRatio(
                    NAME,
                    "time per change, %s waiting against %s"
                            .formatted(Figure.whole(changes), Figure.whole(sizes.catchUpChanges())),
                    figures.find(NAME, waiting(changes) + TIME_PER_CHANGE),
                    figures.find(NAME, RowrelayPipeline.NAME + TIME_PER_CHANGE));
        }
    }

    private static String waiting(int changes) {
        return "rowrelay, %s waiting".formatted(Figure.whole(changes));
    }

    private void measure(Pipeline pipeline, int changes, String name) throws SQLException {
        Load before = new Load(1, sizes.warmUpChanges());
        Load waiting = before.next(changes);
        runOnce(pipeline, before);
        try (Connection source = pipeline.databases().connectToSource()) {
            waiting.write(source);
        }
        pipeline.databases().settle();
        long startNanos = System.nanoTime();
        pipeline.start();
        awaitFirstRow(pipeline, waiting);
        double firstRow = (System.nanoTime() - startNanos) / 1e9;
        TimedLoad.awaitArrival(pipeline, waiting);
        double all = (System.nanoTime() - startNanos) / 1e9;
        if (!verify(pipeline)) {
            all = (System.nanoTime() - startNanos) / 1e9;
        }
        figures.add(NAME, name, Goals.RATE, changes / all);
        figures.add(NAME, name + FIRST_ROW_AFTER_START, Goals.SECONDS, firstRow);
        figures.add(NAME, name + ", until equal", Goals.SECONDS, all);
        figures.add(NAME, name + TIME_PER_CHANGE, "us", all * 1e6 / changes);
        if (pipeline instanceof RowrelayPipeline) {
            loads.addPeakMemory(pipeline, name);
        }
    }

    /** Nobody catches up who was never there: table, topic, group and checkpoint are in use, then all stops. */
    private static void runOnce(Pipeline pipeline, Load before) throws SQLException {
        pipeline.start();
        pipeline.awaitReady();
        TimedLoad.run(pipeline, before);
        pipeline.stop();
    }

    private static void awaitFirstRow(Pipeline pipeline, Load waiting) throws SQLException {
        try (Connection destination = pipeline.databases().connectToObserve();
                PreparedStatement look =
                        destination.prepareStatement("SELECT EXISTS (SELECT FROM employees WHERE emp_id >= ?)")) {
            look.setInt(1, waiting.firstId());
            Wait.until("the first row", pipeline, TimedLoad.limit(waiting.changes()), PAUSE, () -> {
                try (ResultSet result = look.executeQuery()) {
                    result.next();
                    return result.getBoolean(1);
                }
            });
        }
    }
}
