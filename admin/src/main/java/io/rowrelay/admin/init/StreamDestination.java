package io.rowrelay.admin.init;

import io.rowrelay.admin.command.FunctionCall;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.ApplyMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The functions of sql/destination for a stream of many tables. Each works in the transaction of the connection. */
record StreamDestination(String stream, ApplyMode mode) {
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

    /** The function that prepares tables. */
    String preparing() {
        return mode == ApplyMode.CUTS ? "cdc_destination_stream" : "cdc_destination_rows";
    }

    /** Lets the stream be applied in its mode, and prepares the tables for it. */
    List<String> prepare(Connection connection, List<String> tables) throws SQLException {
        OwnPath.take(connection);
        return FunctionCall.run(
                connection,
                "SELECT " + RolePath.schema(connection, HOME) + "." + preparing()
                        + "(?, VARIADIC ?::text[]::regclass[])",
                stream,
                tables.toArray(String[]::new));
    }

    /** Lets a role apply the stream. */
    List<String> grant(Connection connection, String role, List<String> tables) throws SQLException {
        OwnPath.take(connection);
        String home = "SELECT " + RolePath.schema(connection, HOME);
        return mode == ApplyMode.CUTS
                ? FunctionCall.run(
                        connection,
                        home + ".cdc_grant_destination_stream(?::name, VARIADIC ?::text[]::regclass[])",
                        role,
                        tables.toArray(String[]::new))
                : FunctionCall.run(
                        connection,
                        home + ".cdc_grant_destination(t::regclass, ?::name) FROM unnest(?::text[]) AS t",
                        role,
                        tables.toArray(String[]::new));
    }

    /**
     * Statements that drop whatever is unique in tables beside their keys: changes of different keys arrive in another order than they
     * were made in.
     */
    static List<String> uniqueBesideKeys(Connection connection, List<String> tables) throws SQLException {
        return Query.list(connection, """
                SELECT coalesce((SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, k.conname)
                                 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('u', 'x')),
                                format('DROP INDEX %s', i.indexrelid::regclass))
                FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
                WHERE i.indrelid = ANY (?::text[]::regclass[]) AND (i.indisunique OR i.indisexclusion) AND NOT x.relispartition
                  AND i.indexrelid <> rowrelay.key_index(i.indrelid)
                ORDER BY 1""", row -> row.getString(1), (Object) tables.toArray(String[]::new));
    }
}
