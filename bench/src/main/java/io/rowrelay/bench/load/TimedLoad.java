package io.rowrelay.bench.load;

import io.rowrelay.bench.machine.Processes;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.TableChecksums;
import io.rowrelay.bench.replication.Wait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a load took from its first statement until the destination showed all of it.
 *
 * @param changes how many changes the load had
 * @param written until the last statement of the load was committed
 * @param equal until the destination showed what the source shows
 * @param cpuSeconds the CPU that each process used meanwhile, where the system tells
 */
public record TimedLoad(int changes, Duration written, Duration equal, Map<String, Double> cpuSeconds) {
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Even a slow machine replicates some thousand changes a second. */
    private static final int LEAST_CHANGES_PER_SECOND = 1_000;

    private static final Duration LEAST_LIMIT = Duration.ofSeconds(60);

    public TimedLoad {
        cpuSeconds = Collections.unmodifiableMap(new LinkedHashMap<>(cpuSeconds));
    }

    public double changesPerSecond() {
        return changes / (equal.toNanos() / 1e9);
    }

    /** Writes the load while the replication runs, waits for the destination and compares the contents. */
    public static TimedLoad run(Replication replication, Workload load) throws SQLException {
        Processes processes = replication.processes();
        try (Connection source = replication.databases().connectToSource()) {
            Map<String, Double> before = processes.cpuSeconds();
            long startNanos = System.nanoTime();
            load.write(source);
            Duration written = Duration.ofNanos(System.nanoTime() - startNanos);
            awaitArrival(replication, load);
            Duration arrived = Duration.ofNanos(System.nanoTime() - startNanos);
            Map<String, Double> used = difference(before, processes.cpuSeconds());
            // Usually equal at once. If the sign came too early, the time until they really are equal counts.
            boolean atOnce = TableChecksums.awaitEqual(replication);
            Duration equal = atOnce ? arrived : Duration.ofNanos(System.nanoTime() - startNanos);
            return new TimedLoad(load.changes(), written, equal, used);
        }
    }

    /** Waits, at little cost, until everything seems to be there. */
    public static void awaitArrival(Replication replication, Workload load) throws SQLException {
        try (Connection destination = replication.databases().connectToObserve();
                PreparedStatement arrived = load.arrived(destination)) {
            Wait.until("the load in the destination", replication, limit(load.changes()), PAUSE, () -> {
                try (ResultSet result = arrived.executeQuery()) {
                    result.next();
                    return result.getBoolean(1);
                }
            });
        }
    }

    /** Time enough for this many changes on any machine. */
    public static Duration limit(int changes) {
        return LEAST_LIMIT.plusSeconds(changes / LEAST_CHANGES_PER_SECOND);
    }

    private static Map<String, Double> difference(Map<String, Double> before, Map<String, Double> after) {
        Map<String, Double> used = new LinkedHashMap<>();
        after.forEach((name, seconds) -> used.put(name, seconds - before.getOrDefault(name, 0.0)));
        return used;
    }
}
