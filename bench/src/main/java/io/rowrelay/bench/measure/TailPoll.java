package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * The latency, and what the idle polls cost the source, with few and with many published changes in the change table.
 *
 * <p>The changes are written into the change table directly, a hundred thousand to a transaction, before the producer
 * starts for the first time; then a checkpoint is written that covers them, as the producer itself would have written it.
 * So the polls find the same table as after a day of real changes, without the time to publish and apply them.
 */
public final class TailPoll extends Measurement {
    static final String NAME = "tail";

    private static final String IDLE_CPU = "idle, CPU of the source server";
    private static final int CHANGES_IN_A_TRANSACTION = 100_000;
    private static final int TRANSACTIONS_PER_SECOND = 200;

    private static final String FILL = """
            INSERT INTO emp_cdc (emp_id, first_name, last_name, dob, city, salary, action)
            SELECT n, 'Old', 'Change ' || n, DATE '1990-01-01', 'Lima', 70000, 'UPDATE'
              FROM generate_series(1, ?) AS n
            """;
    private static final String CHECKPOINT = """
            INSERT INTO cdc_offset (stream, last_action_id, highest_action_id, snapshot, system_identifier)
            SELECT 'employees', (SELECT max(action_id) FROM emp_cdc), (SELECT max(action_id) FROM emp_cdc),
                   pg_current_snapshot(), system_identifier
              FROM pg_control_system()
            """;

    public TailPoll(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
    }

    /** To fill the large table takes longer than to measure: that is done once, and the measurement is repeated on it. */
    @Override
    int rounds(int wanted) {
        return 1;
    }

    @Override
    void round(int number) throws SQLException {
        for (int rows : sizes.tailRows()) {
            measure(rows);
        }
    }

    @Override
    void conclude() {
        int least = sizes.tailRows().get(0);
        for (int rows : sizes.tailRows().subList(1, sizes.tailRows().size())) {
            for (String what : new String[] {"p50", Latency.SINGLE + ", p50", IDLE_CPU}) {
                figures.addRatio(
                        NAME,
                        against(rows, least, what),
                        figures.find(NAME, figure(rows, what)),
                        figures.find(NAME, figure(least, what)));
            }
        }
    }

    static String against(int rows, int least, String what) {
        return "%s changes against %s, %s".formatted(Figure.whole(rows), Figure.whole(least), what);
    }

    private void measure(int rows) throws SQLException {
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            fill(rowrelay.databases(), rows);
            rowrelay.databases().settle();
            rowrelay.start();
            rowrelay.awaitReady();
            int nextId = practise(rowrelay, 1);
            removeAllBut(rowrelay.databases(), rows);
            rowrelay.databases().settle();
            for (int i = 0; i < sizes.tailRepetitions(); i++) {
                nextId = measureOnce(rowrelay, rows, nextId);
            }
            verify(rowrelay);
        }
    }

    /** What the daemons practised with is published and gone, as after the retention. */
    private static void removeAllBut(DatabasePair databases, int rows) throws SQLException {
        try (Connection source = databases.connectToSource()) {
            DatabasePair.execute(source, "DELETE FROM emp_cdc WHERE action_id > " + rows);
        }
    }

    private int measureOnce(RowrelayReplication rowrelay, int rows, int firstId) throws SQLException {
        Schedule steady = Schedule.steady(TRANSACTIONS_PER_SECOND, sizes.latencyLeadIn(), sizes.latencyLength());
        Samples samples = latency(rowrelay, steady, firstId, SESSIONS).samples();
        add(rows, "p50", samples.percentileMillis(50));
        add(rows, "p99", samples.percentileMillis(99));
        Schedule single = Latency.single(sizes);
        int nextId = firstId + steady.transactions();
        add(
                rows,
                Latency.SINGLE + ", p50",
                latency(rowrelay, single, nextId, 1).samples().percentileMillis(50));
        Map<String, Double> idle = IdleCost.percentOfACore(rowrelay, Duration.ZERO, sizes.idleLength());
        Double server = idle.get("source server");
        if (server != null) {
            figures.add(NAME, figure(rows, IDLE_CPU), Unit.PERCENT_OF_A_CORE, server);
        }
        return nextId + single.transactions();
    }

    private void add(int rows, String what, double millis) {
        figures.add(NAME, figure(rows, what), Unit.MILLISECONDS, millis);
    }

    private static String figure(int rows, String what) {
        return "%s changes in the change table, %s".formatted(Figure.whole(rows), what);
    }

    private static void fill(DatabasePair databases, int rows) throws SQLException {
        try (Connection source = databases.connectToSource();
                PreparedStatement fill = source.prepareStatement(FILL)) {
            for (int done = 0; done < rows; done += CHANGES_IN_A_TRANSACTION) {
                fill.setInt(1, Math.min(CHANGES_IN_A_TRANSACTION, rows - done));
                fill.executeUpdate();
            }
            DatabasePair.execute(source, CHECKPOINT);
        }
    }
}
