package io.rowrelay.admin.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.SQLException;

/** The source, for commands that only need it and write little. Not thread-safe. */
public final class SourceSessions implements AutoCloseable {
    private static final String SESSION = "SET lock_timeout = '3s';";

    private final HikariDataSource pool;

    /** Does not connect yet. */
    public SourceSessions(DatabaseSettings settings, String stream) {
        this.pool = Databases.open(settings, "rowrelay-admin-" + stream, 1, SESSION, new SimpleMeterRegistry());
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Does it in a transaction of its own, and commits. */
    public <T> T run(String doing, Work<T> work) throws TransientFailureException {
        try (Connection connection = pool.getConnection()) {
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
