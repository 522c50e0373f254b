package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.BackToBackRun;
import io.rowrelay.bench.load.BulkStatements;
import io.rowrelay.bench.load.Load;
import io.rowrelay.bench.load.TimedLoad;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What those pay who write to the source: single-row transactions and statements of many rows, with capture off and on
 * while no daemon runs, and then while either replication is at work on the same machine.
 */
public final class SourceCost extends Measurement {
    static final String NAME = "source";
    static final String OFF = "capture off";
    static final String ON = "capture on";
    static final String RUNNING = "rowrelay running";
    static final String LOGICAL = "logical replication running";

    /** The clients draw their ids from the sequence; the warm-up stays clear of them. */
    private static final int FIRST_ID_OF_WARM_UP = 100_000_000;

    private static final List<Integer> CLIENTS = List.of(1, 8);
    private static final List<String> STATEMENTS = List.of("INSERT", "UPDATE", "DELETE");

    public SourceCost(BenchStack stack, Figures figures, Sizes sizes) {
        super(NAME, stack, figures, sizes);
    }

    /** The figure that holds a variant against capture off, of a number of clients. */
    static String againstOff(String variant, int clients) {
        return "%s, %s against off".formatted(clients(clients), variant);
    }

    /** The same of a statement of 10,000 rows, in time. */
    static String againstOff(String variant, String statement) {
        return "%s, %s against off".formatted(bulk(statement), variant);
    }

    @Override
    void round(int number) throws SQLException {
        try (DatabasePair off = stack.plain();
                DatabasePair on = stack.captured()) {
            Map<String, DatabasePair> both = new LinkedHashMap<>();
            both.put(OFF, off);
            both.put(ON, on);
            measure(both);
        }
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            measureRunning(rowrelay, RUNNING);
        }
        try (LogicalReplication logical = stack.logicalReplication()) {
            measureRunning(logical, LOGICAL);
        }
    }

    @Override
    void conclude() {
        for (String variant : List.of(ON, RUNNING, LOGICAL)) {
            for (int clients : CLIENTS) {
                ratio(againstOff(variant, clients), clients(clients), variant);
            }
            for (String statement : STATEMENTS) {
                ratio(againstOff(variant, statement), bulk(statement), variant);
            }
        }
    }

    private void measureRunning(Replication replication, String variant) throws SQLException {
        replication.start();
        replication.awaitReady();
        TimedLoad.run(replication, new Load(FIRST_ID_OF_WARM_UP, sizes.warmUpChanges()));
        measure(Map.of(variant, replication.databases()));
        verify(replication);
    }

    private void measure(Map<String, DatabasePair> variants) throws SQLException {
        for (int clients : CLIENTS) {
            for (Map.Entry<String, DatabasePair> variant : variants.entrySet()) {
                variant.getValue().settle();
                BackToBackRun run =
                        BackToBackRun.run(variant.getValue(), clients, sizes.sourceLeadIn(), sizes.sourceLength());
                String name = clients(clients) + ", " + variant.getKey();
                figures.add(NAME, name, Unit.TRANSACTIONS, run.perSecond());
                for (double percent : List.of(50.0, 99.0)) {
                    figures.add(
                            NAME,
                            name + ", " + Latency.percentile(percent),
                            Unit.MILLISECONDS,
                            run.samples().percentileMillis(percent));
                }
            }
        }
        measureStatements(variants);
    }

    /** Several times in turns, of which the medians count. */
    private void measureStatements(Map<String, DatabasePair> variants) throws SQLException {
        Figures times = new Figures(Map.of());
        for (int i = 0; i <= sizes.bulkRepetitions(); i++) {
            for (Map.Entry<String, DatabasePair> variant : variants.entrySet()) {
                try (Connection source = variant.getValue().connectToSource()) {
                    Map<String, Double> millis = BulkStatements.run(source);
                    if (i > 0) {
                        millis.forEach((statement, time) ->
                                times.add(NAME, bulk(statement) + ", " + variant.getKey(), Unit.MILLISECONDS, time));
                    }
                }
            }
        }
        times.all().forEach(time -> figures.add(NAME, time.name(), time.unit(), time.median()));
    }

    private void ratio(String name, String what, String variant) {
        figures.addRatio(NAME, name, figures.find(NAME, what + ", " + variant), figures.find(NAME, what + ", " + OFF));
    }

    private static String clients(int clients) {
        return clients == 1 ? "1 client" : clients + " clients";
    }

    private static String bulk(String statement) {
        return statement + " of 10,000 rows";
    }
}
