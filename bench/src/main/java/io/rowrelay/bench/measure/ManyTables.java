package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.BenchTables;
import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.bench.replication.Wait;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * One pair of daemons with 1 to 500 tables: the first change after the start, and what it costs while nothing changes; with the most
 * tables also the latency of a load that is spread over 100 of them, memory and connections.
 */
public final class ManyTables extends Measurement {
    static final String NAME = "many-tables";
    static final String MEMORY = "peak memory of both daemons";

    private static final int MOST = 500;
    private static final int WRITTEN = 100;
    private static final int TRANSACTIONS_PER_SECOND = 2_000;
    /** Only every hundredth transaction is looked for. */
    private static final int LONGER = 5;

    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final LoadFigures loads;

    public ManyTables(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
        this.loads = new LoadFigures(NAME, figures, false);
    }

    @Override
    void round(int number) throws SQLException {
        for (int tables : new int[] {1, 20, WRITTEN, MOST}) {
            try (RowrelayReplication rowrelay = stack.rowrelayInCuts(BenchTables.many(tables, WRITTEN))) {
                start(rowrelay, tables);
                addIdle(rowrelay, tables);
                if (tables == MOST) {
                    load(rowrelay);
                }
            }
        }
    }

    /** The topics are there already after a first run, as they are when a daemon is started again. */
    private void start(RowrelayReplication rowrelay, int tables) throws SQLException {
        awaitFirstChange(rowrelay, -2);
        rowrelay.stop();
        add(tables, "first change visible after the start", Unit.SECONDS, awaitFirstChange(rowrelay, -1));
        rowrelay.awaitReady();
    }

    private static double awaitFirstChange(RowrelayReplication rowrelay, int id) throws SQLException {
        DatabasePair databases = rowrelay.databases();
        try (Connection source = databases.connectToSource();
                Connection destination = databases.connectToDestination();
                Statement look = destination.createStatement()) {
            DatabasePair.execute(source, "INSERT INTO t_1 (id) VALUES (" + id + ")");
            long startNanos = System.nanoTime();
            rowrelay.start();
            Wait.until("the first change", rowrelay, START, PAUSE, () -> {
                try (ResultSet row = look.executeQuery("SELECT FROM t_1 WHERE id = " + id)) {
                    return row.next();
                }
            });
            return (System.nanoTime() - startNanos) / 1e9;
        }
    }

    private void addIdle(RowrelayReplication rowrelay, int tables) throws SQLException {
        Map<String, Double> percent = IdleCost.percentOfACore(rowrelay, sizes.settling(), sizes.idleLength());
        percent.forEach((process, share) -> add(tables, "idle, CPU of the " + process, Unit.PERCENT_OF_A_CORE, share));
    }

    private void load(RowrelayReplication rowrelay) throws SQLException {
        int firstId = practise(rowrelay, 0);
        rowrelay.databases().settle();
        Schedule schedule = Schedule.steady(
                TRANSACTIONS_PER_SECOND,
                sizes.latencyLeadIn(),
                sizes.latencyLength().multipliedBy(LONGER));
        Samples samples = latency(rowrelay, schedule, firstId, SESSIONS).samples();
        for (int percent : new int[] {50, 99}) {
            add(MOST, latency(percent), Unit.MILLISECONDS, samples.percentileMillis(percent));
        }
        loads.addPeakMemory(rowrelay, name(MOST));
        loads.addServerMemory(rowrelay, name(MOST));
        Map<String, Double> peak = rowrelay.processes().peakMegabytes();
        if (!peak.isEmpty()) {
            add(
                    MOST,
                    MEMORY,
                    Unit.MEGABYTES,
                    peak.getOrDefault(RowrelayReplication.PRODUCER, 0.0)
                            + peak.getOrDefault(RowrelayReplication.CONSUMER, 0.0));
        }
        verify(rowrelay);
        add(
                MOST,
                "connections to the source",
                "",
                connections(rowrelay.databases().connectToSource()));
        add(
                MOST,
                "connections to the destination",
                "",
                connections(rowrelay.databases().connectToDestination()));
    }

    /** But for the one that asks. */
    private static double connections(Connection database) throws SQLException {
        try (database;
                Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'")) {
            row.next();
            return row.getDouble(1);
        }
    }

    static String latency(int percent) {
        return "%s over %d of them, %s"
                .formatted(Latency.rate(TRANSACTIONS_PER_SECOND), WRITTEN, Latency.percentile(percent));
    }

    static String name(int tables) {
        return Figure.whole(tables) + (tables == 1 ? " table" : " tables");
    }

    private void add(int tables, String name, String unit, double value) {
        figures.add(NAME, name(tables) + ", " + name, unit, value);
    }
}
