package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.load.TimedLoad;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.bench.replication.Wait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Changes that wait while nothing runs; then the daemons start, and the time counts until the destination is equal. */
public final class CatchUpTime extends Measurement {
    static final String NAME = "catch-up";
    static final String FIRST_ROW_AFTER_START = ", first row after the start";
    static final String FIRST_ROW = RowrelayReplication.NAME + FIRST_ROW_AFTER_START;
    static final String AGAINST_LOGICAL_DRAIN = "rowrelay against the drain of logical replication";
    static final String AGAINST_LOGICAL = "rowrelay against logical replication";

    private static final String TIME_PER_CHANGE = ", time per change";
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final LoadFigures loads;

    public CatchUpTime(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, false);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            measure(rowrelay, sizes.catchUpChanges(), rowrelay.name());
        }
        try (LogicalReplication logical = stack.logicalReplication()) {
            measure(logical, sizes.catchUpChanges(), logical.name());
        }
        // That the time grows with the changes and not faster needs no repetition.
        if (number == 1) {
            for (int changes : sizes.otherCatchUpChanges()) {
                try (RowrelayReplication rowrelay = stack.rowrelay()) {
                    measure(rowrelay, changes, waiting(changes));
                }
            }
        }
    }

    @Override
    void conclude() {
        var rowrelay = figures.find(NAME, RowrelayReplication.NAME);
        figures.addRatio(NAME, AGAINST_LOGICAL, rowrelay, figures.find(NAME, LogicalReplication.NAME));
        figures.addRatio(NAME, AGAINST_LOGICAL_DRAIN, rowrelay, figures.find(Drain.NAME, LogicalReplication.NAME));
        // Where the time grows with the changes and not faster, each takes the same.
        for (int changes : sizes.otherCatchUpChanges()) {
            figures.addRatio(
                    NAME,
                    "time per change, %s waiting against %s"
                            .formatted(Figure.whole(changes), Figure.whole(sizes.catchUpChanges())),
                    figures.find(NAME, waiting(changes) + TIME_PER_CHANGE),
                    figures.find(NAME, RowrelayReplication.NAME + TIME_PER_CHANGE));
        }
    }

    private static String waiting(int changes) {
        return "rowrelay, %s waiting".formatted(Figure.whole(changes));
    }

    private void measure(Replication replication, int changes, String name) throws SQLException {
        Load before = new Load(1, sizes.warmUpChanges());
        Load waiting = before.next(changes);
        runOnce(replication, before);
        try (Connection source = replication.databases().connectToSource()) {
            waiting.write(source);
        }
        replication.databases().settle();
        long startNanos = System.nanoTime();
        replication.start();
        awaitFirstRow(replication, waiting);
        double firstRow = (System.nanoTime() - startNanos) / 1e9;
        TimedLoad.awaitArrival(replication, waiting);
        double all = (System.nanoTime() - startNanos) / 1e9;
        if (!verify(replication)) {
            all = (System.nanoTime() - startNanos) / 1e9;
        }
        figures.add(NAME, name, Unit.RATE, changes / all);
        figures.add(NAME, name + FIRST_ROW_AFTER_START, Unit.SECONDS, firstRow);
        figures.add(NAME, name + ", until equal", Unit.SECONDS, all);
        figures.add(NAME, name + TIME_PER_CHANGE, "us", all * 1e6 / changes);
        if (replication instanceof RowrelayReplication) {
            loads.addPeakMemory(replication, name);
        }
    }

    /** Nobody catches up who was never there: table, topic, group and checkpoint are in use, then all stops. */
    private static void runOnce(Replication replication, Load before) throws SQLException {
        replication.start();
        replication.awaitReady();
        TimedLoad.run(replication, before);
        replication.stop();
    }

    private static void awaitFirstRow(Replication replication, Load waiting) throws SQLException {
        try (Connection destination = replication.databases().connectToObserve();
                PreparedStatement look =
                        destination.prepareStatement("SELECT EXISTS (SELECT FROM employees WHERE emp_id >= ?)")) {
            look.setInt(1, waiting.firstId());
            Wait.until("the first row", replication, TimedLoad.limit(waiting.changes()), PAUSE, () -> {
                try (ResultSet result = look.executeQuery()) {
                    result.next();
                    return result.getBoolean(1);
                }
            });
        }
    }
}
