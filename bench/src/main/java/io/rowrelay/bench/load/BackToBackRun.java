package io.rowrelay.bench.load;

import io.rowrelay.bench.replication.DatabasePair;
import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.load.Samples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

/**
 * Single-row transactions, each client's next as soon as its last one has returned.
 *
 * @param perSecond how many there were a second
 * @param samples what each took
 */
public record BackToBackRun(double perSecond, Samples samples) {
    private static final String INSERT = """
            INSERT INTO employees (first_name, last_name, dob, city, salary)
            VALUES ('Single', 'Row', DATE '1990-01-01', 'Lima', 70000)
            """;

    /** Runs the clients; those of the transactions count that begin after the lead-in and before the end. */
    public static BackToBackRun run(DatabasePair databases, int clients, Duration leadIn, Duration length)
            throws SQLException {
        CountDownLatch connected = new CountDownLatch(clients);
        List<Callable<LongStream>> sessions = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            sessions.add(() -> {
                try (Connection source = databases.connectToSource();
                        PreparedStatement insert = source.prepareStatement(INSERT)) {
                    connected.countDown();
                    connected.await();
                    return repeat(insert, leadIn, length);
                }
            });
        }
        long[] all = ConcurrentTasks.run(sessions).stream()
                .flatMapToLong(times -> times)
                .toArray();
        return new BackToBackRun(all.length / (length.toNanos() / 1e9), new Samples(all));
    }

    private static LongStream repeat(PreparedStatement insert, Duration leadIn, Duration length)
            throws SQLException, InterruptedException {
        LongStream.Builder times = LongStream.builder();
        long firstNanos = System.nanoTime() + leadIn.toNanos();
        long endNanos = firstNanos + length.toNanos();
        long beginNanos = System.nanoTime();
        while (beginNanos < endNanos) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Others failed meanwhile");
            }
            insert.executeUpdate();
            long nowNanos = System.nanoTime();
            if (beginNanos >= firstNanos) {
                times.add(nowNanos - beginNanos);
            }
            beginNanos = nowNanos;
        }
        return times.build();
    }
}
