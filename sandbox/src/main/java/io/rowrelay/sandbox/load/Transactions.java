package io.rowrelay.sandbox.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Single-row transactions on the source, made by several sessions, each when it is due.
 *
 * <p>A session that is late goes on without a pause until it has caught up; it gives up at the end of the schedule, so
 * that a rate the source cannot reach does not prolong the run.
 */
public final class Transactions {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SessionSource source;
    private final WrittenRows rows;
    private final Schedule schedule;
    private final int firstId;
    private final int sessions;
    private final CountDownLatch connected;

    /** When the commit of each transaction had returned; zero while it has not. Each is written by one session only. */
    private final long[] committedNanos;

    Transactions(LatencyRun.Writing writing) {
        this.source = writing.source();
        this.rows = writing.rows();
        this.schedule = writing.schedule();
        this.firstId = writing.firstId();
        this.sessions = writing.sessions();
        this.connected = new CountDownLatch(sessions);
        this.committedNanos = new long[schedule.transactions()];
    }

    /** The sessions, to be run at the same time; each returns how many transactions it has committed that are looked for. */
    List<Callable<Integer>> sessions() {
        List<Callable<Integer>> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            int first = i;
            all.add(() -> write(first));
        }
        return all;
    }

    /** When the commit returned; zero if there was none. To be asked once all sessions have ended. */
    long committedNanos(int transaction) {
        return committedNanos[transaction];
    }

    private int write(int first) throws SQLException, InterruptedException {
        try (Connection connection = source.open()) {
            Map<String, PreparedStatement> prepared = new HashMap<>();
            for (String write : rows.writes()) {
                prepared.put(write, connection.prepareStatement(write));
            }
            connected.countDown();
            connected.await();
            long startNanos = System.nanoTime();
            long endNanos = startNanos + schedule.length().plus(GRACE).toNanos();
            int committed = 0;
            for (int i = first; i < schedule.transactions() && System.nanoTime() < endNanos; i += sessions) {
                LockSupport.parkNanos(startNanos + schedule.dueNanos(i) - System.nanoTime());
                if (Thread.interrupted()) {
                    throw new InterruptedException("Others failed meanwhile");
                }
                PreparedStatement write = Objects.requireNonNull(prepared.get(rows.write(i)));
                write.setInt(1, firstId + i);
                write.execute();
                committedNanos[i] = System.nanoTime();
                committed += rows.isSeen(i) ? 1 : 0;
            }
            return committed;
        }
    }
}
