package io.rowrelay.sandbox.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** From commit to visible in the destination: single changes on an idle pipeline, then steady rates. */
final class Latency extends Measurement {
    static final String NAME = "latency";
    static final String SINGLE = "a single change, idle";
    static final String REACHED = "tx/s reached";
    static final List<Double> PERCENTILES = List.of(50.0, 95.0, 99.0, 99.9, 100.0);

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration JITTER = Duration.ofMillis(100);

    private final List<Integer> rates;

    Latency(Bed bed, Figures figures, Sizes sizes, List<Integer> rates) {
        super(NAME, bed, figures, sizes);
        this.rates = rates;
    }

    @Override
    void round(int number) throws SQLException {
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
            measure(rowrelay);
        }
        try (LogicalReplication logical = bed.logicalReplication()) {
            measure(logical);
        }
    }

    /** Single changes, each after a pause in which everything becomes idle. */
    static Schedule single(Sizes sizes) {
        return Schedule.single(sizes.singleChanges(), PAUSE, JITTER);
    }

    /** The figure's name. */
    static String figure(String pipeline, String what, double percent) {
        return "%s, %s, %s".formatted(pipeline, what, percentile(percent));
    }

    static String rate(int transactionsPerSecond) {
        return Figure.whole(transactionsPerSecond) + " tx/s";
    }

    static String percentile(double percent) {
        if (percent == 100) {
            return "max";
        }
        return "p" + (percent == Math.rint(percent) ? String.valueOf((int) percent) : String.valueOf(percent));
    }

    private void measure(Pipeline pipeline) throws SQLException {
        pipeline.start();
        pipeline.awaitReady();
        int nextId = practise(pipeline, warmUp(pipeline).next(10).firstId());
        pipeline.databases().settle();
        for (int rate : rates) {
            Schedule schedule = Schedule.steady(rate, sizes.latencyLeadIn(), sizes.latencyLength());
            LatencyRun run = LatencyRun.of(pipeline, schedule, nextId, SESSIONS);
            nextId += schedule.transactions();
            add(pipeline, rate(rate), run);
            figures.add(
                    NAME,
                    pipeline.name() + ", " + rate(rate) + ", " + REACHED,
                    Goals.TRANSACTIONS,
                    run.reachedPerSecond());
        }
        add(pipeline, SINGLE, LatencyRun.of(pipeline, single(sizes), nextId, 1));
        verify(pipeline);
    }

    private void add(Pipeline pipeline, String what, LatencyRun run) {
        for (double percent : PERCENTILES) {
            figures.add(
                    NAME,
                    figure(pipeline.name(), what, percent),
                    Goals.MILLISECONDS,
                    run.samples().percentileMillis(percent));
        }
    }
}
