package io.rowrelay.sandbox.bench;

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
record TimedLoad(int changes, Duration written, Duration equal, Map<String, Double> cpuSeconds) {
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Even a slow machine brings over some thousand changes a second. */
    private static final int LEAST_CHANGES_PER_SECOND = 1_000;

    private static final Duration LEAST_LIMIT = Duration.ofSeconds(60);

    TimedLoad {
        cpuSeconds = Collections.unmodifiableMap(new LinkedHashMap<>(cpuSeconds));
    }

    double changesPerSecond() {
        return changes / (equal.toNanos() / 1e9);
    }

    /** Writes the load while the pipeline runs, waits for the destination and compares the contents. */
    static TimedLoad run(Pipeline pipeline, Load load) throws SQLException {
        Processes processes = pipeline.processes();
        try (Connection source = pipeline.databases().connectToSource()) {
            Map<String, Double> before = processes.cpuSeconds();
            long startNanos = System.nanoTime();
            load.write(source);
            Duration written = Duration.ofNanos(System.nanoTime() - startNanos);
            awaitArrival(pipeline, load);
            Duration arrived = Duration.ofNanos(System.nanoTime() - startNanos);
            Map<String, Double> used = difference(before, processes.cpuSeconds());
            // Usually equal at once. If the sign came too early, the time until they really are equal counts.
            boolean atOnce = Contents.awaitEqual(pipeline);
            Duration equal = atOnce ? arrived : Duration.ofNanos(System.nanoTime() - startNanos);
            return new TimedLoad(load.changes(), written, equal, used);
        }
    }

    /** Waits, at little cost, until everything seems to be there. */
    static void awaitArrival(Pipeline pipeline, Load load) throws SQLException {
        try (Connection destination = pipeline.databases().connectToObserve();
                PreparedStatement arrived = load.arrived(destination)) {
            Wait.until("the load in the destination", pipeline, limit(load.changes()), PAUSE, () -> {
                try (ResultSet result = arrived.executeQuery()) {
                    result.next();
                    return result.getBoolean(1);
                }
            });
        }
    }

    /** Time enough for so many changes on any machine. */
    static Duration limit(int changes) {
        return LEAST_LIMIT.plusSeconds(changes / LEAST_CHANGES_PER_SECOND);
    }

    private static Map<String, Double> difference(Map<String, Double> before, Map<String, Double> after) {
        Map<String, Double> used = new LinkedHashMap<>();
        after.forEach((name, seconds) -> used.put(name, seconds - before.getOrDefault(name, 0.0)));
        return used;
    }
}
