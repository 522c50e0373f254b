package io.rowrelay.sandbox.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What processes cost while nothing changes. */
final class Idle {
    private static final double PERCENT = 100;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(60);

    private Idle() {}

    /** The CPU that each process uses, in percent of a core; nothing is measured until the settling time has passed. */
    static Map<String, Double> percentOfACore(Pipeline pipeline, Duration settling, Duration length)
            throws SQLException {
        pass(pipeline, settling);
        Processes processes = pipeline.processes();
        Map<String, Double> before = processes.cpuSeconds();
        long startNanos = System.nanoTime();
        pass(pipeline, length);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Map<String, Double> percent = new LinkedHashMap<>();
        processes
                .cpuSeconds()
                .forEach(
                        (name, used) -> percent.put(name, (used - before.getOrDefault(name, 0.0)) / seconds * PERCENT));
        return percent;
    }

    private static void pass(Pipeline pipeline, Duration time) throws SQLException {
        long endNanos = System.nanoTime() + time.toNanos();
        Wait.until("the end of a pause", pipeline, time.plus(GRACE), PAUSE, () -> System.nanoTime() > endNanos);
    }
}
