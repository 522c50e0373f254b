package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.FenceOwner;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Reads from the catalog what the statements need to know of a destination table. */
public final class DestinationCatalog {
    private DestinationCatalog() {}

    /** Reads it as it is now; {@code stream} is the one that writes it. */
    public static AppliedTable read(Connection connection, String name, String stream)
            throws SQLException, OutageException {
        Table table = TableCatalog.find(connection, name)
                .orElseThrow(() -> missing("the destination table " + name
                        + " does not exist: create it and run cdc_destination, or check DESTINATION_TABLE"));
        Optional<FenceColumn> fence = FenceColumn.of(table);
        if (fence.isEmpty() || table.key().isEmpty()) {
            throw missing("the destination table " + name + " has no "
                    + (fence.isPresent() ? "primary key" : "column action_id, nor one that stands for it")
                    + ": run SELECT cdc_destination('" + name + "')");
        }
        if (!fence.get().marked() && !FenceOwner.isOf(connection, name, stream)) {
            throw missing("nothing says that the column action_id of the destination table " + name
                    + " is the consumer's, and not the table's own: run SELECT cdc_destination('" + name
                    + "'); the consumer goes on by itself");
        }
        String replicationRole =
                Query.one(connection, "SELECT current_setting('session_replication_role')", row -> row.getString(1));
        return AppliedTable.of(table, fence, replicationRole);
    }

    private static OutageException missing(String message) {
        return new UnpreparedTableException(message);
    }
}
