package io.rowrelay.bench.machine;

import io.rowrelay.sandbox.process.JarProcess;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The processes whose costs are measured, by name. Where the system tells nothing about processes, all maps are empty. */
public final class Processes {
    /** The name of this JVM, which makes the load and observes. */
    static final String LOAD = "load and observer";

    private final Map<String, DoubleSupplier> cpuSeconds = new LinkedHashMap<>();
    private final Map<String, DoubleSupplier> serverMegabytes = new LinkedHashMap<>();
    private final Map<String, DoubleSupplier> peakMegabytes = new LinkedHashMap<>();

    /** A single process. */
    public Processes with(String name, long pid) {
        cpuSeconds.merge(name, () -> ProcFile.cpuSeconds(pid), Processes::sum);
        peakMegabytes.merge(name, () -> ProcFile.peakMegabytes(pid), Processes::sum);
        return this;
    }

    /** Daemons of a kind count together. */
    public Processes with(List<JarProcess> daemons) {
        daemons.forEach(daemon -> with(daemon.name(), daemon.pid()));
        return this;
    }

    /** A server with all its sessions and workers, also those that have ended. */
    public Processes with(String name, PostgresServer server) {
        cpuSeconds.put(name, () -> {
            List<Long> pids = server.processes();
            double ended = pids.isEmpty() ? 0 : ProcFile.cpuSecondsOfEndedChildren(pids.get(0));
            return ended + pids.stream().mapToDouble(ProcFile::cpuSeconds).sum();
        });
        serverMegabytes.put(
                name,
                () -> server.processes().stream()
                        .mapToDouble(ProcFile::proportionalMegabytes)
                        .sum());
        return this;
    }

    /** This JVM. */
    public Processes withThis() {
        return with(LOAD, ProcessHandle.current().pid());
    }

    /** The seconds of CPU that each has used so far. */
    public Map<String, Double> cpuSeconds() {
        return values(cpuSeconds);
    }

    /** The most memory that each has had resident so far, in MB. */
    public Map<String, Double> peakMegabytes() {
        return values(peakMegabytes);
    }

    /** What each server has resident now, in MB, with all its processes. */
    public Map<String, Double> serverMegabytes() {
        return values(serverMegabytes);
    }

    private static Map<String, Double> values(Map<String, DoubleSupplier> suppliers) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (ProcFile.available()) {
            suppliers.forEach((name, supplier) -> values.put(name, supplier.getAsDouble()));
        }
        return values;
    }

    private static DoubleSupplier sum(DoubleSupplier one, DoubleSupplier other) {
        return () -> one.getAsDouble() + other.getAsDouble();
    }
}
