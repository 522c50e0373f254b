package io.rowrelay.admin.command;

import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.InstalledVersion;
import java.sql.Connection;
import java.sql.SQLException;

/** One of the stream's two databases, with one session; an outage between two transactions does no harm. Not thread-safe. */
public final class Database implements AutoCloseable {
    /**
     * For commands that look. The plans must not depend on estimates, and a policy that hides rows must be an error.
     */
    public static final String LOOK = "SET default_transaction_read_only = on; SET lock_timeout = '2s';"
            + " SET enable_seqscan = off; SET enable_bitmapscan = off;";

    /** For commands that change little. */
    public static final String CHANGE = "SET lock_timeout = '3s';";

    private final InstalledVersion installed;
    private final DatabaseSettings settings;
    private final PatientSessions sessions;
    private boolean fits;

    private Database(
            InstalledVersion installed,
            boolean anyVersion,
            DatabaseSettings settings,
            AdminSettings command,
            String session) {
        this.installed = installed;
        this.fits = anyVersion;
        this.settings = settings;
        this.sessions = PatientSessions.open(
                settings, "rowrelay-admin-" + command.stream().name(), 1, session, command.timeout());
    }

    /**
     * The source; {@code session} is what a new session runs first. Does not connect yet. Before the first use it asks for the
     * version of Rowrelay's tables and functions.
     */
    public static Database source(AdminSettings settings, String session) {
        return new Database(InstalledVersion.SOURCE, false, settings.source(), settings, session);
    }

    /** The destination, likewise. */
    public static Database destination(AdminSettings settings, String session) {
        return new Database(InstalledVersion.DESTINATION, false, settings.destination(), settings, session);
    }

    /** The source for a command that can do with any version, and with none. */
    public static Database sourceOfAnyVersion(AdminSettings settings, String session) {
        return new Database(InstalledVersion.SOURCE, true, settings.source(), settings, session);
    }

    /** The destination, likewise. */
    public static Database destinationOfAnyVersion(AdminSettings settings, String session) {
        return new Database(InstalledVersion.DESTINATION, true, settings.destination(), settings, session);
    }

    /** Work in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException, OutageException;
    }

    /** Source or destination. */
    public String role() {
        return installed.database();
    }

    /** Where it is, as psql takes it. */
    public String address() {
        return settings.url().replaceFirst("^jdbc:", "").replaceFirst("\\?.*$", "");
    }

    /**
     * Reads something, in a transaction of its own.
     *
     * @param doing what, for the message
     * @throws OutageException when the database is out of reach or refuses; the cause has the SQLSTATE
     */
    public <T> T read(String doing, Work<T> work) throws OutageException {
        return run(doing, work, false);
    }

    /** Changes something, in a transaction of its own; the same otherwise. */
    public <T> T change(String doing, Work<T> work) throws OutageException {
        return run(doing, work, true);
    }

    private <T> T run(String doing, Work<T> work, boolean commit) throws OutageException {
        try (Connection connection = sessions.get()) {
            connection.setAutoCommit(false);
            if (!fits) {
                installed.require(connection);
                fits = true;
            }
            T result = work.run(connection);
            if (commit) {
                connection.commit();
            }
            // Closing the session rolls back an open transaction.
            return result;
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing + " in the " + role() + " database", failure);
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
