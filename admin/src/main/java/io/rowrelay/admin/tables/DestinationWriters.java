package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.table.jdbc.FenceOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Which streams besides this one write the destination table: what consumers noted in cdc_writer, and which other streams write
 * to the database.
 *
 * @param others those that are known to write it
 * @param unknown those that write to the database, with nothing known of which table
 */
public record DestinationWriters(List<String> others, List<String> unknown) {
    /** A partition has rows of its parent, and the other way round. */
    private static final String OTHERS =
            """
            SELECT DISTINCT w.stream FROM {cdc_writer} w
            WHERE w.stream <> ? AND WRITTEN IN (
                SELECT ASKED
                UNION ALL SELECT relid FROM pg_catalog.pg_partition_tree(ASKED)
                UNION ALL SELECT relid FROM pg_catalog.pg_partition_ancestors(ASKED))
            ORDER BY 1""".replace("WRITTEN", RolePath.table("w.destination_table")).replace("ASKED", RolePath.table("?"));

    private static final String UNKNOWN =
            "SELECT DISTINCT p.stream FROM {cdc_progress} p WHERE p.stream <> ?%s ORDER BY 1";
    private static final String NOT_NOTED = " AND NOT EXISTS (SELECT FROM {cdc_writer} w WHERE w.stream = p.stream)";

    public DestinationWriters {
        others = List.copyOf(others);
        unknown = List.copyOf(unknown);
    }

    /** Reads those of a table by its name as in SQL, but for one stream. The caller ends the transaction. */
    public static DestinationWriters read(Connection connection, String table, String stream) throws SQLException {
        boolean readable = FenceOwner.mayReadWriters(connection);
        return new DestinationWriters(
                readable
                        ? Query.list(connection, OTHERS, row -> row.getString(1), stream, table, table, table)
                        : List.of(),
                Query.list(connection, UNKNOWN.formatted(readable ? NOT_NOTED : ""), row -> row.getString(1), stream));
    }
}
