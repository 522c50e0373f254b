package io.rowrelay.bench.measure;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.load.TimedLoad;
import io.rowrelay.bench.load.Workload;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.sql.SQLException;
import java.util.Map;

/** Puts loads on replications and adds what they took to the figures of one measurement. */
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
    void measure(Replication replication, Workload load, String name) throws SQLException {
        replication.databases().settle();
        TimedLoad timed = TimedLoad.run(replication, load);
        figures.addEquality();
        add(name, Unit.RATE, timed.changesPerSecond());
        add(name + ", until all is written", Unit.SECONDS, timed.written().toNanos() / 1e9);
        add(name + ", until equal", Unit.SECONDS, timed.equal().toNanos() / 1e9);
        if (!timed.cpuSeconds().isEmpty()) {
            addCpu(name, timed.cpuSeconds(), CHANGES_OF_THE_UNIT / load.changes());
        }
    }

    /** The most memory that the replication's processes have had resident so far. */
    void addPeakMemory(Replication replication, String name) {
        replication
                .processes()
                .peakMegabytes()
                .forEach((process, peak) -> add(name + PEAK_MEMORY + process, Unit.MEGABYTES, peak));
    }

    /** What the servers use at this moment, with all their sessions and the buffers that these share. */
    void addServerMemory(Replication replication, String name) {
        replication
                .processes()
                .serverMegabytes()
                .forEach((server, used) ->
                        add(name + ", memory of the " + server + " at the end", Unit.MEGABYTES, used));
    }

    private void addCpu(String name, Map<String, Double> seconds, double share) {
        if (byProcess) {
            seconds.forEach((process, used) -> add(name + ", CPU of the " + process, Unit.CPU, used * share));
        }
        Double producer = seconds.get(RowrelayReplication.PRODUCER);
        Double consumer = seconds.get(RowrelayReplication.CONSUMER);
        if (producer != null && consumer != null) {
            add(name + CPU_OF_DAEMONS, Unit.CPU, (producer + consumer) * share);
        }
        double everything = seconds.values().stream().mapToDouble(used -> used).sum();
        add(name + CPU_OF_EVERYTHING, Unit.CPU, everything * share);
    }

    private void add(String name, String unit, double value) {
        figures.add(measurement, name, unit, value);
    }
}
