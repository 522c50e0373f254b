package io.rowrelay.bench.measure;

import io.rowrelay.bench.machine.Processes;
import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.Wait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What processes cost while nothing changes. */
final class IdleCost {
    private static final double PERCENT = 100;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(60);

    private IdleCost() {}

    /** The CPU that each process uses, in percent of a core; nothing is measured until the settling time has passed. */
    static Map<String, Double> percentOfACore(Replication replication, Duration settling, Duration length)
            throws SQLException {
        pass(replication, settling);
        Processes processes = replication.processes();
        Map<String, Double> before = processes.cpuSeconds();
        long startNanos = System.nanoTime();
        pass(replication, length);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Map<String, Double> percent = new LinkedHashMap<>();
        processes
                .cpuSeconds()
                .forEach(
                        (name, used) -> percent.put(name, (used - before.getOrDefault(name, 0.0)) / seconds * PERCENT));
        return percent;
    }

    private static void pass(Replication replication, Duration time) throws SQLException {
        long endNanos = System.nanoTime() + time.toNanos();
        Wait.until("the end of a pause", replication, time.plus(GRACE), PAUSE, () -> System.nanoTime() > endNanos);
    }
}
