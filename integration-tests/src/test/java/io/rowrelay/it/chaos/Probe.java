package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Databases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes a row to the source and waits until it is in the destination. Used by one thread. */
final class Probe {
    private static final long CHECK_MILLIS = 50;

    private final WriterSession session;
    private final int key;
    private final String destinationUrl;

    Probe(WriterSession session, int key, String destinationUrl) {
        this.session = session;
        this.key = key;
        this.destinationUrl = destinationUrl;
    }

    /** Returns whether a new change arrived in time. */
    boolean arrives(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        String stamp = write();
        while (!shows(stamp)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS));
        }
        return true;
    }

    private String write() throws InterruptedException {
        int[] stamp = new int[1];
        boolean committed = false;
        while (!committed) {
            committed = session.transaction(transaction -> {
                stamp[0] = transaction.rows().has(key)
                        ? transaction.update(List.of(key))
                        : transaction.insert(List.of(key));
                return true;
            });
        }
        return Integer.toString(stamp[0]);
    }

    private boolean shows(String stamp) {
        return Databases.query(destinationUrl, "SELECT first_name FROM employees WHERE emp_id = " + key)
                .equals(List.of(stamp));
    }
}
