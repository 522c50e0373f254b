package io.rowrelay.common.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Opens sessions of the server that are the caller's own, pins their search_path as {@link RolePath} says, and sets them up. A pooler that hands out its sessions by the
 * transaction (PgBouncer with {@code pool_mode = transaction}) is rejected: the settings of a session would reach other
 * applications, and a lock of a session would have no owner. So is a server on a lower timeline than one of an earlier session.
 * Safe for any thread.
 */
final class OwnSessions implements DataSource {
    /** Deadline of the second session of the comparison: a pooler without a free session lets it wait. */
    private static final String PATIENCE_SECONDS = "2";

    private final String url;
    private final Properties properties;
    private final String setUp;
    private final OpenPasswords openPasswords;
    private final AtomicInteger newestTimeline = new AtomicInteger(Timeline.UNKNOWN);

    /**
     * Opens nothing yet.
     *
     * @param url of the database
     * @param properties of the driver, as text
     * @param setUp statements that each session runs first
     */
    OwnSessions(String url, Properties properties, String setUp) {
        this.url = url;
        this.properties = properties;
        this.setUp = setUp;
        this.openPasswords = new OpenPasswords(url);
    }

    @Override
    public Connection getConnection() throws SQLException {
        throw new SQLFeatureNotSupportedException("the role is missing");
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Properties login = new Properties();
        login.putAll(properties);
        login.setProperty("user", String.valueOf(user));
        login.setProperty("password", String.valueOf(password));
        Connection connection = DriverManager.getConnection(url, login);
        try {
            // First: settings that are made in a shared session reach other applications.
            refuseShared(connection, login);
            try (Statement statement = connection.createStatement()) {
                statement.execute(RolePath.PIN + setUp);
            }
            openPasswords.look(connection);
            refuseStale(connection);
            return connection;
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    /** With several hosts in the URL, or an address that moves, the next session can be one of a former primary. */
    private void refuseStale(Connection connection) throws SQLException {
        int timeline = Timeline.of(connection);
        int newest = newestTimeline.accumulateAndGet(timeline, Math::max);
        if (timeline != Timeline.UNKNOWN && timeline < newest) {
            throw SqlFailures.stalePrimary(timeline, newest);
        }
    }

    /** A server gives its own process with the key by which statements are cancelled; a pooler gives a key of its own. */
    private void refuseShared(Connection connection, Properties login) throws SQLException {
        int process = process(connection);
        if (connection.unwrap(PGConnection.class).getBackendPID() == process) {
            return;
        }
        // Two at once, since a pooler can also use its sessions in turn.
        boolean shared = process(connection) != process || isProcessOfAnother(process, login);
        if (shared || process(connection) != process) {
            throw SqlFailures.sharedSession();
        }
    }

    /** The process of an open session serves nobody else, unless sessions are shared. */
    private boolean isProcessOfAnother(int process, Properties login) throws SQLException {
        Properties impatient = new Properties();
        impatient.putAll(login);
        impatient.setProperty("loginTimeout", PATIENCE_SECONDS);
        impatient.setProperty("socketTimeout", PATIENCE_SECONDS);
        try (Connection other = DriverManager.getConnection(url, impatient)) {
            return process(other) == process;
        } catch (SQLException noOther) {
            // The first is idle: if it were shared, there would be a session to hand out.
            return false;
        }
    }

    private static int process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // The driver logs by itself.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // It is among the properties.
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
