package io.rowrelay.admin.init;

import io.rowrelay.admin.command.FunctionCall;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The functions of sql/destination for a stream that is applied in cuts. Each works in the transaction of the connection. */
record StreamDestination(String stream) {
    private static final String HOME = "cdc_progress";

    /** Whether the role may switch triggers and foreign keys off for its session, or a superuser that asks may let it. */
    boolean mayBeReplica(Connection connection, String role) throws SQLException {
        boolean grantable = connection.getMetaData().getDatabaseMajorVersion() >= 15;
        return Query.first(
                        connection,
                        """
                        SELECT r.rolsuper OR m.rolsuper OR %s
                            OR EXISTS (SELECT FROM pg_db_role_setting AS s
                                       WHERE s.setrole = r.oid AND 'session_replication_role=replica' = ANY (s.setconfig))
                        FROM pg_roles AS r, pg_roles AS m
                        WHERE r.rolname = ? AND m.rolname = current_user""".formatted(
                                        grantable
                                                ? "has_parameter_privilege(r.oid, 'session_replication_role', 'SET')"
                                                : "false"),
                        row -> row.getBoolean(1),
                        role)
                .orElse(false);
    }

    /** The foreign keys of tables that nothing has been applied to yet. */
    List<String> foreignKeysBeforeBegin(Connection connection, List<String> tables) throws SQLException {
        return Query.list(connection, """
                SELECT format('%I of %s', k.conname, k.conrelid::regclass)
                FROM pg_constraint AS k
                WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY (?::text[]::regclass[])
                  AND NOT EXISTS (SELECT FROM {cdc_applied} AS a WHERE a.stream = ? AND a.snapshot::text <> '1:1:')
                ORDER BY 1""", row -> row.getString(1), tables.toArray(String[]::new), stream);
    }

    /** Lets the stream be applied in cuts, and prepares the tables for it. */
    List<String> prepare(Connection connection, List<String> tables) throws SQLException {
        OwnPath.take(connection);
        return FunctionCall.run(
                connection,
                "SELECT " + RolePath.schema(connection, HOME)
                        + ".cdc_destination_stream(?, VARIADIC ?::text[]::regclass[])",
                stream,
                tables.toArray(String[]::new));
    }

    /** Lets a role apply the stream. */
    List<String> grant(Connection connection, String role, List<String> tables) throws SQLException {
        OwnPath.take(connection);
        return FunctionCall.run(
                connection,
                "SELECT " + RolePath.schema(connection, HOME)
                        + ".cdc_grant_destination_stream(?::name, VARIADIC ?::text[]::regclass[])",
                role,
                tables.toArray(String[]::new));
    }
}
