package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Reads from the catalog what the statements need to know of a table's primary key. */
public final class KeyCatalog {
    private KeyCatalog() {}

    /** Reads a table by its name as in SQL. */
    public static KeyedTable read(Connection connection, String name) throws SQLException {
        Optional<Table> table =
                TableCatalog.find(connection, name).filter(found -> !found.key().isEmpty());
        if (table.isEmpty()) {
            throw new CommandFailedException("there is no table " + name + " with a primary key in "
                    + connection.getCatalog() + ": check SOURCE_TABLE and DESTINATION_TABLE");
        }
        return of(table.get(), expectedRows(connection, table.get()));
    }

    private static KeyedTable of(Table table, long expectedRows) {
        return new KeyedTable(
                table.sqlName(),
                table.key().stream().map(KeyColumn::of).toList(),
                // If there is none, the first statement that uses it fails with a message that names it.
                FenceColumn.marked(table)
                        .map(fence -> fence.column().quoted())
                        .orElse(Identifiers.quote(FenceColumn.USUAL_NAME)),
                expectedRows);
    }

    private static long expectedRows(Connection connection, Table table) throws SQLException {
        return Query.first(
                        connection,
                        "SELECT greatest(c.reltuples, 0)::bigint FROM pg_catalog.pg_class c WHERE c.oid = ?::oid",
                        row -> row.getLong(1),
                        table.oid())
                .orElse(0L);
    }
}
