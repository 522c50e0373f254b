package io.rowrelay.stream.table.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.table.FenceColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Tells whether an unmarked action_id is the consumer's, and which tables have one: a {@link FenceColumn} alone cannot tell. */
public final class FenceOwner {
    private static final String HAS_PROGRESS = "SELECT EXISTS (SELECT FROM {cdc_progress} p WHERE p.stream = ?)";

    /** A note about a name that no table has any more says nothing. */
    private static final String WRITES_IT = """
            SELECT coalesce(bool_or(c.oid = NAMED), true)
            FROM {cdc_writer} w
            JOIN pg_catalog.pg_namespace n ON n.nspname = (parse_ident(w.destination_table))[1]
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = (parse_ident(w.destination_table))[2]
            WHERE w.stream = ?""".replace("NAMED", RolePath.table("?"));

    private static final String OTHER_TABLES =
            """
            SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname <> 'rowrelay' AND n.nspname NOT LIKE 'pg\\_%'
            WHERE (a.attname = 'action_id' OR IS_MARKED) AND NOT a.attisdropped AND a.atttypid = 'bigint'::regtype AND a.attidentity = ''
              AND NOT c.relispartition AND c.oid <> coalesce(NAMED::oid, 0) AND c.relname NOT LIKE 'cdc\\_%'
            ORDER BY 1""".replace("IS_MARKED", CatalogQuery.IS_MARKED).replace("NAMED", RolePath.table("?"));

    private FenceOwner() {}

    /** Whether the role may read cdc_writer, where consumers note which tables they write. */
    public static boolean mayReadWriters(Connection connection) throws SQLException {
        return Query.one(
                connection,
                "SELECT has_table_privilege(" + RolePath.table("'cdc_writer'") + ", 'SELECT')",
                row -> row.getBoolean(1));
    }

    /**
     * Tables beside the one of this name, as in SQL, that have such a column: they have been made ready for a stream whose
     * consumer has not begun yet, or the column is the user's own.
     */
    public static List<String> otherTables(Connection connection, String table) throws SQLException {
        return Query.list(connection, OTHER_TABLES, row -> row.getString(1), table);
    }

    /**
     * Whether an action_id without a mark is the consumer's: where the stream has applied changes and is not known to write
     * another table, the table is a copy of the one it wrote. Otherwise it counts as the table's own.
     */
    public static boolean isOf(Connection connection, String table, String stream) throws SQLException {
        return Query.one(connection, HAS_PROGRESS, row -> row.getBoolean(1), stream)
                && (!mayReadWriters(connection)
                        || Query.one(connection, WRITES_IT, row -> row.getBoolean(1), table, stream));
    }
}
