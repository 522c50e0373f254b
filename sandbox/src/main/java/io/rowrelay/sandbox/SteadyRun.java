package io.rowrelay.sandbox;

import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.load.Samples;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import me.tongfei.progressbar.ProgressBar;

/**
 * Single-row transactions on the source at a steady pace, while an observer notes when each row can be seen in the
 * destination.
 *
 * <p>The clock starts when the commit has returned to the writer and stops when the observer's query has returned the
 * row; the observer asks every millisecond, so a time is rather too long than too short.
 */
final class SteadyRun {
    private static final int WRITERS = 4;
    private static final Duration OBSERVER_PAUSE = Duration.ofMillis(1);
    private static final Duration STRAGGLER_TIMEOUT = Duration.ofSeconds(30);
    private static final String INSERT = """
            INSERT INTO employees (first_name, last_name, dob, city, salary)
            VALUES ('Steady', 'Worker', DATE '1990-01-01', 'Lima', 70000)
            RETURNING emp_id
            """;

    private final PostgresServer source;
    private final PostgresServer destination;
    private final int transactionsPerSecond;
    private final Duration length;

    /** The time of commit of each row that the observer has not seen yet. */
    private final Map<Integer, Long> waitingSinceNanos = new ConcurrentHashMap<>();

    SteadyRun(PostgresServer source, PostgresServer destination, int transactionsPerSecond, Duration length) {
        this.source = source;
        this.destination = destination;
        this.transactionsPerSecond = transactionsPerSecond;
        this.length = length;
    }

    long transactions() {
        return transactionsPerSecond * length.toSeconds();
    }

    /** Writes and observes; the bar steps with each row seen. Rows that never arrive are missing from the result. */
    Samples run(ProgressBar bar) throws SQLException {
        ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(executor.submit(write(transactions() / WRITERS)));
            }
            return observe(bar, writers);
        } finally {
            executor.shutdownNow();
        }
    }

    private Callable<Void> write(long count) {
        return () -> {
            Duration period = Duration.ofSeconds(WRITERS).dividedBy(transactionsPerSecond);
            long nextNanos = System.nanoTime();
            try (Connection connection = source.connect();
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                for (long i = 0; i < count; i++, nextNanos += period.toNanos()) {
                    LockSupport.parkNanos(nextNanos - System.nanoTime());
                    try (ResultSet inserted = insert.executeQuery()) {
                        long committedNanos = System.nanoTime();
                        inserted.next();
                        waitingSinceNanos.put(inserted.getInt(1), committedNanos);
                    }
                }
            }
            return null;
        };
    }

    private Samples observe(ProgressBar bar, List<Future<Void>> writers) throws SQLException {
        List<Duration> seen = new ArrayList<>();
        try (Connection connection = destination.connect();
                PreparedStatement look =
                        connection.prepareStatement("SELECT emp_id FROM employees WHERE emp_id = ANY (?)")) {
            long lastProgressNanos = System.nanoTime();
            while (!(finished(writers) && waitingSinceNanos.isEmpty())
                    && System.nanoTime() - lastProgressNanos < STRAGGLER_TIMEOUT.toNanos()) {
                List<Duration> justSeen = look(connection, look);
                if (!justSeen.isEmpty()) {
                    seen.addAll(justSeen);
                    bar.stepBy(justSeen.size());
                    lastProgressNanos = System.nanoTime();
                }
                LockSupport.parkNanos(OBSERVER_PAUSE.toNanos());
            }
        }
        return new Samples(seen.stream().mapToLong(Duration::toNanos).toArray());
    }

    private List<Duration> look(Connection connection, PreparedStatement look) throws SQLException {
        List<Duration> seen = new ArrayList<>();
        look.setArray(
                1, connection.createArrayOf("int4", waitingSinceNanos.keySet().toArray()));
        try (ResultSet rows = look.executeQuery()) {
            long nowNanos = System.nanoTime();
            while (rows.next()) {
                Long sinceNanos = waitingSinceNanos.remove(rows.getInt(1));
                if (sinceNanos != null) {
                    seen.add(Duration.ofNanos(nowNanos - sinceNanos));
                }
            }
        }
        return seen;
    }

    private static boolean finished(List<Future<Void>> writers) throws SQLException {
        for (Future<Void> writer : writers) {
            if (!writer.isDone()) {
                return false;
            }
            ConcurrentTasks.result(writer);
        }
        return true;
    }
}
