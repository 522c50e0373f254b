package io.rowrelay.bench.replication;

import io.rowrelay.sandbox.process.SandboxException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for something to become true, with a limit; nothing in the bench waits without one. */
public final class Wait {
    private Wait() {}

    /** The condition. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws SQLException;
    }

    /** Asks again and again; throws, naming the logs, when the limit has passed or the replication has broken; stops
     * when it is interrupted. */
    public static void until(String what, Replication replication, Duration limit, Duration pause, Condition condition)
            throws SQLException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            replication.check();
            if (System.nanoTime() > deadlineNanos) {
                throw new SandboxException("%s: %s has not come about within %d s. The logs: %s"
                        .formatted(replication.name(), what, limit.toSeconds(), replication.logs()));
            }
            LockSupport.parkNanos(pause.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new SandboxException("%s: interrupted while waiting for %s".formatted(replication.name(), what));
            }
        }
    }
}
