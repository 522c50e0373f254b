package io.rowrelay.admin.jdbc;

import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The source, for commands that only need it and write little. Not thread-safe. */
public final class SourceSessions implements AutoCloseable {
    private static final String SESSION = "SET lock_timeout = '3s';";

    private final PatientSessions pool;

    /** Does not connect yet; {@code timeout} is how long it waits for the server. */
    public SourceSessions(DatabaseSettings settings, String stream, Duration timeout) {
        this.pool = PatientSessions.open(settings, "rowrelay-admin-" + stream, 1, SESSION, timeout);
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Does it in a transaction of its own, and commits. */
    public <T> T run(String doing, Work<T> work) throws OutageException {
        try (Connection connection = pool.get()) {
            connection.setAutoCommit(false);
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException failure) {
                rollBack(connection, failure);
                throw failure;
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing + " in the source database", failure);
        }
    }

    /** Keeps the session clean for the next; what has failed is told, and not that it could not be undone as well. */
    private static void rollBack(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
