package io.rowrelay.sandbox.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Changes made at full speed while the pipeline runs, from the first write until the destination is equal. */
final class Drain implements Measurement {
    static final String NAME = "drain";
    static final String AGAINST_LOGICAL = "rowrelay against logical replication";
    static final String CPU_OF_DAEMONS = "rowrelay, CPU of both daemons";
    static final String CPU_OF_EVERYTHING = "rowrelay, CPU of everything";
    static final String PEAK_OF_PRODUCER = "rowrelay, peak memory of the producer";
    static final String PEAK_OF_CONSUMER = "rowrelay, peak memory of the consumer";
    static final String READY = "both daemons ready after their start";

    private static final double CHANGES_OF_THE_UNIT = 100_000;

    private final Bed bed;
    private final Figures figures;
    private final Sizes sizes;

    Drain(Bed bed, Figures figures, Sizes sizes) {
        this.bed = bed;
        this.figures = figures;
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void round(int number) throws SQLException {
        try (RowrelayPipeline rowrelay = bed.rowrelay()) {
            long startNanos = System.nanoTime();
            rowrelay.start();
            rowrelay.awaitReady();
            add(READY, Goals.SECONDS, (System.nanoTime() - startNanos) / 1e9);
            TimedLoad load = measure(rowrelay);
            daemons(load.cpuSeconds(), load.changes());
            rowrelay.processes()
                    .peakMegabytes()
                    .forEach((process, peak) -> add("rowrelay, peak memory of the " + process, Goals.MEGABYTES, peak));
        }
        try (LogicalReplication logical = bed.logicalReplication()) {
            logical.start();
            logical.awaitReady();
            measure(logical);
        }
    }

    @Override
    public void conclude() {
        figures.addRatio(
                NAME,
                AGAINST_LOGICAL,
                figures.find(NAME, RowrelayPipeline.NAME),
                figures.find(NAME, LogicalReplication.NAME));
    }

    /** One load unmeasured, so that everything is compiled and every file is there, then one measured. */
    private TimedLoad measure(Pipeline pipeline) throws SQLException {
        Load warmUp = new Load(1, sizes.warmUpChanges());
        TimedLoad.run(pipeline, warmUp);
        pipeline.databases().checkpoint();
        TimedLoad load = TimedLoad.run(pipeline, warmUp.next(sizes.drainChanges()));
        figures.addEquality();
        add(pipeline.name(), Goals.RATE, load.changesPerSecond());
        add(pipeline.name() + ", until all is written", Goals.SECONDS, seconds(load.written()));
        add(pipeline.name() + ", until equal", Goals.SECONDS, seconds(load.equal()));
        double everything = 0;
        for (Map.Entry<String, Double> process : load.cpuSeconds().entrySet()) {
            everything += process.getValue();
            addCpu(pipeline.name() + ", CPU of the " + process.getKey(), process.getValue(), load.changes());
        }
        if (!load.cpuSeconds().isEmpty()) {
            addCpu(pipeline.name() + ", CPU of everything", everything, load.changes());
        }
        return load;
    }

    private void daemons(Map<String, Double> cpuSeconds, int changes) {
        if (!cpuSeconds.isEmpty()) {
            double both = cpuSeconds.getOrDefault(RowrelayPipeline.PRODUCER, 0.0)
                    + cpuSeconds.getOrDefault(RowrelayPipeline.CONSUMER, 0.0);
            addCpu(CPU_OF_DAEMONS, both, changes);
        }
    }

    private void addCpu(String name, double seconds, int changes) {
        add(name, Goals.CPU, seconds * CHANGES_OF_THE_UNIT / changes);
    }

    private void add(String name, String unit, double value) {
        figures.add(NAME, name, unit, value);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
