package io.rowrelay.admin.init;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The search_path that the role has by itself, for what has to be run as psql runs it: the scripts, and functions of theirs that
 * find tables by it. They name the operators and functions that they use with their schemas.
 */
final class OwnPath {
    private OwnPath() {}

    /** Takes it until the end of the transaction. */
    static void take(Connection connection) throws SQLException {
        String schemas = Query.one(
                        connection,
                        "SELECT string_agg(quote_ident(s), ', ') FROM unnest(" + RolePath.SCHEMAS + ") AS s",
                        row -> Optional.ofNullable(row.getString(1)))
                .orElseThrow(() -> new CommandFailedException(
                        "the search_path of the role leads to no schema: make one for Rowrelay's tables, and set"
                                + " ALTER ROLE ... SET search_path"));
        set(connection, schemas);
    }

    /** Goes back to the path that each session has. */
    static void leave(Connection connection) throws SQLException {
        set(connection, "pg_catalog, pg_temp");
    }

    private static void set(Connection connection, String schemas) throws SQLException {
        Query.one(connection, "SELECT pg_catalog.set_config('search_path', ?, true)", row -> row.getString(1), schemas);
    }
}
