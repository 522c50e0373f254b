package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import io.rowrelay.sandbox.load.LatencyRun;
import io.rowrelay.sandbox.load.Schedule;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** From commit to visible in the destination: single changes on an idle replication, then steady rates. */
public final class Latency extends Measurement {
    public static final String NAME = "latency";
    public static final String SINGLE = "a single change, idle";
    public static final String REACHED = "tx/s reached";
    public static final List<Double> PERCENTILES = List.of(50.0, 95.0, 99.0, 99.9, 100.0);

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration JITTER = Duration.ofMillis(100);

    private final List<Integer> rates;

    public Latency(BenchStack stack, Figures figures, Sizes sizes, List<Integer> rates) {
        super(NAME, stack, figures, sizes);
        this.rates = rates;
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayReplication rowrelay = stack.rowrelay()) {
            measure(rowrelay);
        }
        try (LogicalReplication logical = stack.logicalReplication()) {
            measure(logical);
        }
    }

    /** Single changes, each after a pause in which everything becomes idle. */
    static Schedule single(Sizes sizes) {
        return Schedule.single(sizes.singleChanges(), PAUSE, JITTER);
    }

    /** The figure's name. */
    public static String figure(String replication, String what, double percent) {
        return "%s, %s, %s".formatted(replication, what, percentile(percent));
    }

    public static String rate(int transactionsPerSecond) {
        return Figure.whole(transactionsPerSecond) + " tx/s";
    }

    public static String percentile(double percent) {
        if (percent == 100) {
            return "max";
        }
        return "p" + (percent == Math.rint(percent) ? String.valueOf((int) percent) : String.valueOf(percent));
    }

    private void measure(Replication replication) throws SQLException {
        replication.start();
        replication.awaitReady();
        int nextId = practise(replication, warmUp(replication).next(10).firstId());
        replication.databases().settle();
        for (int rate : rates) {
            Schedule schedule = Schedule.steady(rate, sizes.latencyLeadIn(), sizes.latencyLength());
            LatencyRun run = latency(replication, schedule, nextId, SESSIONS);
            nextId += schedule.transactions();
            add(replication, rate(rate), run);
            figures.add(
                    NAME,
                    replication.name() + ", " + rate(rate) + ", " + REACHED,
                    Unit.TRANSACTIONS,
                    run.reachedPerSecond());
        }
        add(replication, SINGLE, latency(replication, single(sizes), nextId, 1));
        verify(replication);
    }

    private void add(Replication replication, String what, LatencyRun run) {
        for (double percent : PERCENTILES) {
            figures.add(
                    NAME,
                    figure(replication.name(), what, percent),
                    Unit.MILLISECONDS,
                    run.samples().percentileMillis(percent));
        }
    }
}
