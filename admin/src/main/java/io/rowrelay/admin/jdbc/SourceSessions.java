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
    private static final String SESSION = "SET lock_timeout = '3s'; SET statement_timeout = '4s';";

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
            } finally {
                // Harmless after a commit; after a failure it keeps the session clean for the next.
                connection.rollback();
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing + " in the source database", failure);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
