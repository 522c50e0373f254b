package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.table.Fence;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.FenceColumn;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Reads from the catalog what the statements need to know of a destination table. */
public final class DestinationCatalog {
    private static final String SURROUNDINGS = """
            SELECT current_setting('session_replication_role'),
                   EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace
                           WHERE s.nspname = 'rowrelay' AND p.proname = 'refused_records'
                             AND has_schema_privilege(s.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')),
                   EXISTS (SELECT FROM pg_catalog.pg_index o
                           WHERE o.indrelid = to_regclass('cdc_tombstone') AND o.indisvalid AND o.indpred IS NULL
                             AND o.indcollation[0] = '"C"'::regcollation
                             AND pg_get_indexdef(o.indexrelid, 1, false) = 'stream'
                             AND pg_get_indexdef(o.indexrelid, 2, false) = 'action_id')""";

    private DestinationCatalog() {}

    /** Reads it as it is now; {@code stream} is the one that writes it. */
    public static AppliedTable read(Connection connection, String name, String stream)
            throws SQLException, OutageException {
        Table table = TableCatalog.find(connection, name)
                .orElseThrow(() -> missing("the destination table " + name
                        + " does not exist: create it and run cdc_destination, or check DESTINATION_TABLE"));
        Optional<Fence> fence = Fence.of(table);
        if (fence.isEmpty() || table.key().isEmpty()) {
            throw missing("the destination table " + name + " has no "
                    + (fence.isPresent() ? "primary key" : "column action_id, nor one that stands for it")
                    + ": run SELECT cdc_destination('" + name + "')");
        }
        if (!fence.get().marked() && !FenceColumn.isOf(connection, name, stream)) {
            throw missing("nothing says that the column action_id of the destination table " + name
                    + " is the consumer's, and not the table's own: " + Programs.DESTINATION_SCRIPTS
                    + ", then SELECT cdc_destination('" + name + "'); the consumer goes on by itself");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SURROUNDINGS)) {
            row.next();
            return AppliedTable.of(table, fence.get(), row.getString(1), row.getBoolean(2), row.getBoolean(3));
        }
    }

    private static OutageException missing(String message) {
        return new OutageException(message, null);
    }
}
