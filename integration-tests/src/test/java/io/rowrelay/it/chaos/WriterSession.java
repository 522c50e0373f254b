package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Databases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A session on the source that owns a range of keys, and knows of each of its transactions whether it was committed: where
 * the connection died in COMMIT, it asks. Used by one thread.
 */
final class WriterSession {
    private static final long RECONNECT_MILLIS = 200;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String NOTE = "INSERT INTO chaos_transaction (number) VALUES (?)";

    private final String url;
    private final History history;
    private final CountDownLatch ending;
    private final OwnRows rows = new OwnRows();
    private @Nullable Connection connection;

    /** What a transaction does. */
    @FunctionalInterface
    interface Work {
        /** Returns whether to commit. */
        boolean in(WriterTransaction transaction) throws SQLException, InterruptedException;
    }

    WriterSession(String url, History history, CountDownLatch ending) {
        this.url = url;
        this.history = history;
        this.ending = ending;
    }

    OwnRows rows() {
        return rows;
    }

    /** Waits, shorter when the campaign ends meanwhile. */
    boolean pause(long millis) throws InterruptedException {
        return ending.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Does work in a transaction; returns whether it was committed. */
    boolean transaction(Work work) throws InterruptedException {
        Connection open = connected();
        long number = history.nextTransaction();
        boolean committed = false;
        try {
            note(open, number);
            boolean wanted = work.in(new WriterTransaction(open, rows, history, this));
            if (wanted) {
                committed = commit(open, number);
            } else {
                open.rollback();
            }
        } catch (SQLException neverCommitted) {
            disconnect();
        }
        if (committed) {
            history.committed(rows.commit());
        } else {
            rows.backTo(0);
        }
        return committed;
    }

    private boolean commit(Connection open, long number) throws InterruptedException {
        try {
            open.commit();
            return true;
        } catch (SQLException unknown) {
            disconnect();
            return wasCommitted(number);
        }
    }

    private static void note(Connection open, long number) throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(NOTE)) {
            statement.setLong(1, number);
            statement.executeUpdate();
        }
    }

    /**
     * A transaction id is no proof: after a crash it can be another's. Its own note is: inserted again, it waits for the
     * transaction should that still run, and fails if it was committed.
     */
    private boolean wasCommitted(long number) throws InterruptedException {
        while (true) {
            try {
                Connection open = connected();
                note(open, number);
                open.rollback();
                return false;
            } catch (SQLException failure) {
                disconnect();
                if (UNIQUE_VIOLATION.equals(failure.getSQLState())) {
                    return true;
                }
            }
        }
    }

    private Connection connected() throws InterruptedException {
        while (true) {
            Connection open = connection;
            if (open != null) {
                return open;
            }
            try {
                open = Databases.connect(url);
                open.setAutoCommit(false);
                connection = open;
            } catch (IllegalStateException | SQLException unreachable) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("not to wait for the source any longer");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RECONNECT_MILLIS));
            }
        }
    }

    void disconnect() {
        Connection open = connection;
        connection = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException gone) {
            // Nothing is left to close.
        }
    }
}
