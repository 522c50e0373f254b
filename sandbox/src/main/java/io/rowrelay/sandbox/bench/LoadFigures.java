package io.rowrelay.sandbox.bench;

import java.sql.SQLException;
import java.util.Map;

/** Puts loads on pipelines and adds what they took to the figures of one measurement. */
final class LoadFigures {
    /** What follows the name of a load in the names of its figures. */
    static final String CPU_OF_DAEMONS = ", CPU of both daemons";

    static final String CPU_OF_EVERYTHING = ", CPU of everything";
    static final String PEAK_MEMORY = ", peak memory of the ";

    private static final double CHANGES_OF_THE_UNIT = 100_000;

    private final String measurement;
    private final Figures figures;
    private final boolean byProcess;

    /** With the CPU of each process, or only with the sums. */
    LoadFigures(String measurement, Figures figures, boolean byProcess) {
        this.measurement = measurement;
        this.figures = figures;
        this.byProcess = byProcess;
    }

    /** The load from its first statement until the destination is equal; adds its rate, times and CPU. */
    void measure(Pipeline pipeline, Load load, String name) throws SQLException {
        pipeline.databases().settle();
        TimedLoad timed = TimedLoad.run(pipeline, load);
        figures.addEquality();
        add(name, Goals.RATE, timed.changesPerSecond());
        add(name + ", until all is written", Goals.SECONDS, timed.written().toNanos() / 1e9);
        add(name + ", until equal", Goals.SECONDS, timed.equal().toNanos() / 1e9);
        if (!timed.cpuSeconds().isEmpty()) {
            addCpu(name, timed.cpuSeconds(), CHANGES_OF_THE_UNIT / load.changes());
        }
    }

    /** The most memory that the pipeline's processes have had resident so far. */
    void addPeakMemory(Pipeline pipeline, String name) {
        pipeline.processes()
                .peakMegabytes()
                .forEach((process, peak) -> add(name + PEAK_MEMORY + process, Goals.MEGABYTES, peak));
    }

    /** What the servers use at this moment, with all their sessions and the buffers that these share. */
    void addServerMemory(Pipeline pipeline, String name) {
        pipeline.processes()
                .serverMegabytes()
                .forEach((server, used) ->
                        add(name + ", memory of the " + server + " at the end", Goals.MEGABYTES, used));
    }

    private void addCpu(String name, Map<String, Double> seconds, double share) {
        if (byProcess) {
            seconds.forEach((process, used) -> add(name + ", CPU of the " + process, Goals.CPU, used * share));
        }
        Double producer = seconds.get(RowrelayPipeline.PRODUCER);
        Double consumer = seconds.get(RowrelayPipeline.CONSUMER);
        if (producer != null && consumer != null) {
            add(name + CPU_OF_DAEMONS, Goals.CPU, (producer + consumer) * share);
        }
        double everything = seconds.values().stream().mapToDouble(used -> used).sum();
        add(name + CPU_OF_EVERYTHING, Goals.CPU, everything * share);
    }

    private void add(String name, String unit, double value) {
        figures.add(measurement, name, unit, value);
    }
}
