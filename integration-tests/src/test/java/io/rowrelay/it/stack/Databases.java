package io.rowrelay.it.stack;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.sandbox.stack.SqlScripts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Databases for tests: made, reached, asked. */
public final class Databases {
    static final String USER = "cdc";
    static final String PASSWORD = "cdc";

    private Databases() {}

    /** Opens a session that commits each statement. */
    public static Connection connect(String url) {
        try {
            return DriverManager.getConnection(url, USER, PASSWORD);
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot connect to " + url, failure);
        }
    }

    /**
     * Creates a database with the project's scripts in it; {@code scripts} is source or destination. The scripts run once for each
     * server, in a template.
     */
    static synchronized void create(String serverUrl, String database, String scripts) {
        String template = "template_" + scripts;
        if (query(serverUrl, "SELECT datname FROM pg_database WHERE datname = '" + template + "'")
                .isEmpty()) {
            String unfinished = template + "_unfinished";
            execute(
                    serverUrl,
                    "DROP DATABASE IF EXISTS " + unfinished + " WITH (FORCE)",
                    "CREATE DATABASE " + unfinished);
            apply(scripts, serverUrl.substring(0, serverUrl.lastIndexOf('/') + 1) + unfinished);
            execute(serverUrl, "ALTER DATABASE " + unfinished + " RENAME TO " + template);
        }
        execute(serverUrl, "CREATE DATABASE " + database + " TEMPLATE " + template);
    }

    private static void apply(String scripts, String url) {
        try (Connection connection = connect(url)) {
            SqlScripts.withExample(SqlScripts.findDirectory(), scripts).runOn(connection);
        } catch (SQLException failure) {
            throw new IllegalStateException("sql/" + scripts + " does not apply", failure);
        }
    }

    /** Runs statements in a session of their own. */
    public static void execute(String url, String... statements) {
        try (Connection connection = connect(url)) {
            execute(connection, statements);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    /** Runs statements, all of which must succeed. */
    public static void execute(Connection connection, String... statements) {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    /** Returns the first column of a query as text, row by row. */
    public static List<String> query(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(String.valueOf(row.getString(1)));
            }
            return values;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    /** Returns the first column of a query as text, row by row, in a session of its own. */
    public static List<String> query(String url, String sql) {
        try (Connection connection = connect(url)) {
            return query(connection, sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    /** A pool of one connection, as the daemons have them; {@code session} is what a new session runs. The caller closes it. */
    public static HikariDataSource pool(String url, String session) {
        return io.rowrelay.common.jdbc.Databases.open(
                new DatabaseSettings(url, USER, PASSWORD), "test", 1, session, new SimpleMeterRegistry());
    }

    /** How many rows of a table statements have read so far, by whatever plan. */
    public static long rowsRead(Connection connection, String table) {
        return statistic(
                connection,
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = '" + table
                        + "'");
    }

    /** How many pages of a table, without its indexes, have been looked at so far. */
    public static long pagesRead(Connection connection, String table) {
        return statistic(
                connection,
                "SELECT heap_blks_hit + heap_blks_read FROM pg_statio_user_tables WHERE relname = '" + table + "'");
    }

    /** How many entries of an index have been looked at so far, also those of rows that are gone. */
    public static long entriesRead(Connection connection, String index) {
        return statistic(
                connection, "SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = '" + index + "'");
    }

    /** What the session itself has done counts at the end of its transaction. */
    private static long statistic(Connection connection, String sql) {
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            query(connection, "SELECT pg_stat_force_next_flush()");
            long value = Long.parseLong(query(connection, sql).get(0));
            connection.setAutoCommit(autoCommit);
            return value;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }
}
