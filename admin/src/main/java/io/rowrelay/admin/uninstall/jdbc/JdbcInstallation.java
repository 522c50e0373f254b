package io.rowrelay.admin.uninstall.jdbc;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.jdbc.SourceSessions;
import io.rowrelay.admin.uninstall.Installation;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** One of the two databases. Not thread-safe. */
public final class JdbcInstallation implements Installation {
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'";

    private static final String DAEMONS = """
            SELECT format('%s of role %s', application_name, usename) FROM pg_catalog.pg_stat_activity
            WHERE datname = current_database() AND application_name IN (SELECT left(name, 63) FROM unnest(?) AS asked(name))""";

    private final SourceSessions sessions;
    private final Contents contents;

    private JdbcInstallation(SourceSessions sessions, Contents contents) {
        this.sessions = sessions;
        this.contents = contents;
    }

    /** Reads what the database has. */
    @FunctionalInterface
    interface Contents {
        Plan read(Connection connection) throws SQLException;
    }

    /** The stream's part of the source; the sessions stay the caller's to close. */
    public static Installation source(SourceSessions sessions, String stream, String table, String changeTable) {
        return new JdbcInstallation(
                sessions, connection -> SourceContents.read(connection, stream, table, changeTable));
    }

    /** The stream's part of the destination; the sessions stay the caller's to close. */
    public static Installation destination(SourceSessions sessions, String stream, String table) {
        return new JdbcInstallation(sessions, connection -> DestinationContents.read(connection, stream, table));
    }

    @Override
    public Plan plan() throws OutageException {
        return sessions.run("reading what is installed", contents::read);
    }

    /** All or nothing: what cannot be removed now is still there as a whole. */
    @Override
    public void remove(List<String> statements) throws OutageException {
        sessions.run("removing what is installed", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(LOCK_TIMEOUT);
                for (String sql : statements) {
                    run(statement, sql);
                }
                return statements.size();
            }
        });
    }

    private static void run(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException failure) {
            if (SqlFailures.isForWantOfRights(failure)) {
                throw new CommandFailedException(SqlFailures.describe(failure) + ": the role may not run " + sql
                        + ". Nothing was removed here. Run this command, or what it prints with --dry-run, as the owner of the"
                        + " table and of Rowrelay's tables, or as a superuser.");
            }
            if (SqlFailures.isLockTimeout(failure)) {
                throw new CommandFailedException("a table has been in use by open transactions for 2 s, at " + sql
                        + ". Nothing was removed here; run it again.");
            }
            throw failure;
        }
    }

    static List<String> daemons(Connection connection, String... applications) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DAEMONS)) {
            statement.setArray(1, connection.createArrayOf("text", applications));
            return texts(statement);
        }
    }

    /** The first column of a query, whose parameters are texts. */
    static List<String> texts(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int place = 0; place < parameters.length; place++) {
                statement.setString(place + 1, parameters[place]);
            }
            return texts(statement);
        }
    }

    private static List<String> texts(PreparedStatement statement) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    static boolean exists(Connection connection, String table) throws SQLException {
        return !texts(connection, "SELECT 1 WHERE to_regclass(?) IS NOT NULL", table)
                .isEmpty();
    }

    /** Removes what those of the tables have of a stream that are there. */
    static List<String> rowsOf(Connection connection, String stream, List<String> tables) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (String table : tables) {
            if (exists(connection, table)) {
                statements.addAll(texts(connection, """
                        SELECT format('DELETE FROM %1$s WHERE stream = %%L', mine.stream) FROM (SELECT ?::text) AS mine(stream)
                        WHERE EXISTS (SELECT FROM %1$s t WHERE t.stream = mine.stream)""".formatted(table), stream));
            }
        }
        return statements;
    }

    /**
     * Removes the tables, the functions behind them and the schema rowrelay. Functions that work without that schema are not of
     * Rowrelay, whatever their names.
     */
    static List<String> everything(Connection connection, String anchor, String tables) throws SQLException {
        return texts(connection, """
                WITH home AS (SELECT relnamespace AS schema FROM pg_catalog.pg_class WHERE oid = to_regclass(?))
                SELECT format('DROP TABLE %%I.%%I', n.nspname, c.relname)
                FROM home JOIN pg_catalog.pg_class c ON c.relnamespace = home.schema AND c.relkind = 'r'
                    AND c.relname = ANY (%s)
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                UNION ALL
                SELECT format('DROP FUNCTION %%I.%%I(%%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
                FROM home JOIN pg_catalog.pg_proc p ON p.pronamespace = home.schema AND p.proname LIKE 'cdc\\_%%'
                    AND p.prosrc LIKE '%%rowrelay.%%' AND p.prorettype <> 'trigger'::regtype
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                UNION ALL
                SELECT 'DROP SCHEMA rowrelay CASCADE' WHERE to_regnamespace('rowrelay') IS NOT NULL""".formatted(tables), anchor);
    }
}
