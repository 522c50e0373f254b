package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;

/**
 * The drain while another transaction, which has written a row, stays open from before the first write until after the end; and
 * the latency while transactions are open in both databases and have been for an hour.
 */
public final class OpenTransaction extends Measurement {
    static final String NAME = "open-transaction";
    static final String RATIO = "a transaction open against none";

    static final String HOUR_RATIO = "open for an hour against none, p50";

    private static final String NONE_OPEN = "none open";
    private static final String ONE_OPEN = "one open throughout";
    private static final String OPEN_FOR_AN_HOUR = "open in both for an hour";
    private static final int TRANSACTIONS_PER_SECOND = 500;
    private static final int ROW_BEFORE_ALL_LOADS = 0;
    private static final int ANOTHER = -1;

    private final LoadFigures loads;

    public OpenTransaction(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, false);
    }

    @Override
    int rounds(int wanted) {
        return even(wanted);
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            rowrelay.start();
            rowrelay.awaitReady();
            Load first = warmUp(rowrelay).next(sizes.drainChanges());
            Load second = first.next(sizes.drainChanges());
            Iterator<Load> next = List.of(first, second).iterator();
            inTurns(
                    number,
                    () -> loads.measure(rowrelay, next.next(), NONE_OPEN),
                    () -> measureWithOneOpen(rowrelay, next.next()));
            measureLatency(rowrelay, second.next(sizes.drainChanges()).firstId());
        }
    }

    @Override
    void conclude() {
        figures.addRatio(NAME, RATIO, figures.find(NAME, ONE_OPEN), figures.find(NAME, NONE_OPEN));
        figures.addRatio(
                NAME,
                HOUR_RATIO,
                figures.find(NAME, latency(OPEN_FOR_AN_HOUR, 50)),
                figures.find(NAME, latency(NONE_OPEN, 50)));
    }

    private void measureWithOneOpen(Replication replication, Load load) throws SQLException {
        try (Connection open = replication.databases().connectToSource()) {
            open.setAutoCommit(false);
            DatabasePair.execute(open, "INSERT INTO employees (emp_id) VALUES (" + ROW_BEFORE_ALL_LOADS + ")");
            loads.measure(replication, load, ONE_OPEN);
            open.commit();
        }
        verify(replication);
    }

    /** The rows of checkpoint and progress get the versions that an hour leaves. The transaction in the destination only reads, as a report does. */
    private void measureLatency(RowrelayReplication rowrelay, int firstId) throws SQLException {
        int nextId = practise(rowrelay, firstId);
        rowrelay.databases().settle();
        nextId = addLatency(rowrelay, nextId, NONE_OPEN);
        try (Connection writer = rowrelay.databases().connectToSource();
                Connection report = rowrelay.databases().connectToDestination()) {
            writer.setAutoCommit(false);
            DatabasePair.execute(writer, "INSERT INTO employees (emp_id) VALUES (" + ANOTHER + ")");
            report.setAutoCommit(false);
            report.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            DatabasePair.execute(report, "SELECT count(*) FROM cdc_progress");
            OldVersions.write(rowrelay.databases(), sizes.openFor());
            rowrelay.databases().settle();
            addLatency(rowrelay, nextId, OPEN_FOR_AN_HOUR);
            writer.commit();
            report.commit();
        }
        verify(rowrelay);
    }

    private int addLatency(RowrelayReplication rowrelay, int firstId, String what) throws SQLException {
        Schedule schedule = Schedule.steady(TRANSACTIONS_PER_SECOND, sizes.latencyLeadIn(), sizes.latencyLength());
        Samples samples = latency(rowrelay, schedule, firstId, SESSIONS).samples();
        for (int percent : new int[] {50, 99}) {
            figures.add(NAME, latency(what, percent), Unit.MILLISECONDS, samples.percentileMillis(percent));
        }
        return firstId + schedule.transactions();
    }

    private static String latency(String what, int percent) {
        return what + ", " + Latency.rate(TRANSACTIONS_PER_SECOND) + ", " + Latency.percentile(percent);
    }
}
