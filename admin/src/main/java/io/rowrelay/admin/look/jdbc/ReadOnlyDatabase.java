package io.rowrelay.admin.look.jdbc;

import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A database that is looked at and never written; an outage between two looks does no harm. Not thread-safe. */
public final class ReadOnlyDatabase implements AutoCloseable {
    /** The plans must not hang on estimates, and a policy that hides rows must be an error. */
    private static final String SESSION = "SET default_transaction_read_only = on;"
            + " SET lock_timeout = '2s'; SET row_security = off; SET enable_seqscan = off; SET enable_bitmapscan = off;";

    private final String role;
    private final String url;
    private final PatientSessions pool;

    /** Does not connect yet; {@code role} is source or destination, {@code timeout} how long it waits for the server. */
    public ReadOnlyDatabase(String role, DatabaseSettings settings, String stream, Duration timeout) {
        this.role = role;
        this.url = settings.url();
        this.pool = PatientSessions.open(settings, "rowrelay-look-" + stream, 1, SESSION, timeout);
    }

    /** Reads something. */
    @FunctionalInterface
    public interface Query<T> {
        T run(Connection connection) throws SQLException, OutageException;
    }

    /** Source or destination. */
    public String role() {
        return role;
    }

    /** Where it is, as psql takes it. */
    public String address() {
        return url.replaceFirst("^jdbc:", "").replaceFirst("\\?.*$", "");
    }

    /**
     * Asks, in a transaction of its own.
     *
     * @param doing what, for the message
     * @throws OutageException when the database is out of reach or refuses; the cause has the SQLSTATE
     */
    public <T> T read(String doing, Query<T> query) throws OutageException {
        try (Connection connection = pool.get()) {
            connection.setAutoCommit(false);
            try {
                return query.run(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing + " in the " + role + " database", failure);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
