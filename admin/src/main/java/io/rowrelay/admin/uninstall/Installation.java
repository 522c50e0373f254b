package io.rowrelay.admin.uninstall;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.TableStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What one of the two databases has of a stream. Not thread-safe.
 *
 * @param database stays the caller's to close
 * @param plan what is to be removed
 */
record Installation(Database database, Installation.Plan plan) {
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'";

    /** Anybody may call a session so: it is a daemon's only where its role may write what the daemon writes. */
    private static final String DAEMONS = """
            SELECT format('%%s of role %%s', a.application_name, a.usename) FROM pg_catalog.pg_stat_activity a
            WHERE a.datname = current_database() AND a.application_name = left(?, 63)
              AND EXISTS (SELECT FROM pg_catalog.pg_roles r
                          WHERE has_table_privilege(r.oid, %s, 'UPDATE') AND pg_has_role(a.usesysid, r.oid, 'MEMBER'))""".formatted(RolePath.table("?"));

    /**
     * The parts to remove.
     *
     * @param statements in SQL, in their order; none when nothing is there
     * @param remarks what the user should know before
     * @param daemons sessions of daemons that still use it, each in words
     */
    record Plan(List<String> statements, List<String> remarks, List<String> daemons) {
        Plan {
            statements = List.copyOf(statements);
            remarks = List.copyOf(remarks);
            daemons = List.copyOf(daemons);
        }
    }

    /** Reads the stream's part of the source. */
    static Installation source(Database database, AdminSettings settings) throws OutageException {
        return read(database, connection -> SourceContents.read(connection, settings));
    }

    /** Reads the stream's part of the destination. */
    static Installation destination(Database database, AdminSettings settings) throws OutageException {
        return read(database, connection -> DestinationContents.read(connection, settings));
    }

    private static Installation read(Database database, Database.Work<Plan> contents) throws OutageException {
        return new Installation(database, database.read("reading what is installed", contents));
    }

    boolean isEmpty() {
        return plan.statements().isEmpty();
    }

    /** Runs the statements of the plan, all or none: what cannot be removed now is still there as a whole. */
    void remove() throws OutageException {
        database.change("removing what is installed", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(LOCK_TIMEOUT);
                for (String sql : plan.statements()) {
                    run(statement, sql);
                }
                return plan.statements().size();
            }
        });
    }

    private static void run(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException failure) {
            if (SqlFailures.isForWantOfRights(failure)) {
                throw new CommandFailedException(SqlFailures.explain(failure) + ": the role may not run " + sql
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

    /** Sessions of a daemon, each in words; {@code written} is a table of Rowrelay's that it writes. */
    static List<String> daemons(Connection connection, String application, String written) throws SQLException {
        return texts(connection, DAEMONS, application, written);
    }

    /** The first column of a query. */
    static List<String> texts(Connection connection, String sql, Object... parameters) throws SQLException {
        return Query.list(connection, sql, row -> row.getString(1), parameters);
    }

    static boolean exists(Connection connection, String table) throws SQLException {
        return !texts(connection, "SELECT 1 WHERE " + RolePath.table("?") + " IS NOT NULL", table)
                .isEmpty();
    }

    /** Removes what those of the tables have of a stream that are there. */
    static List<String> rowsOf(Connection connection, String stream, List<String> tables) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (String table : tables) {
            if (exists(connection, table)) {
                statements.addAll(texts(
                        connection,
                        """
                        SELECT format('DELETE FROM %%s WHERE stream = %%L', %1$s, mine.stream) FROM (SELECT ?::text) AS mine(stream)
                        WHERE EXISTS (SELECT FROM {%2$s} t WHERE t.stream = mine.stream)
                        UNION ALL
                        SELECT format('DELETE FROM %%s WHERE starts_with(stream, %%L)', %1$s, mine.prefix) FROM (SELECT ?::text) AS mine(prefix)
                        WHERE EXISTS (SELECT FROM {%2$s} t WHERE starts_with(t.stream, mine.prefix))""".formatted(RolePath.table(Identifiers.literal(table)), table),
                        stream,
                        TableStream.prefix(stream)));
            }
        }
        return statements;
    }

    /**
     * Removes the tables, the functions behind them and the schema rowrelay. Functions that work without that schema, or that
     * another role has made, are not of Rowrelay, whatever their names.
     */
    static List<String> everything(Connection connection, String anchor, String tables) throws SQLException {
        return texts(connection, """
                WITH home AS (SELECT relnamespace AS schema FROM pg_catalog.pg_class WHERE oid = %2$s)
                SELECT format('DROP TABLE %%I.%%I', n.nspname, c.relname)
                FROM home JOIN pg_catalog.pg_class c ON c.relnamespace = home.schema AND c.relkind = 'r'
                    AND c.relname = ANY (%1$s)
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                UNION ALL
                SELECT format('DROP FUNCTION %%I.%%I(%%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
                FROM home JOIN pg_catalog.pg_proc p ON p.pronamespace = home.schema AND p.proname LIKE 'cdc\\_%%'
                    AND p.prosrc LIKE '%%rowrelay.%%' AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype
                JOIN pg_catalog.pg_roles r ON r.oid = p.proowner AND %3$s
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                UNION ALL
                SELECT 'DROP SCHEMA rowrelay CASCADE' WHERE to_regnamespace('rowrelay') IS NOT NULL""".formatted(tables, RolePath.table("?"), RolePath.TRUSTED), anchor);
    }
}
