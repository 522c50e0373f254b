package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table's primary keys, in their order, a page at a time: nothing stays open between two pages. */
public final class KeyPages {
    private final Connection connection;
    private final KeyedTable table;

    public KeyPages(Connection connection, KeyedTable table) {
        this.connection = connection;
        this.table = table;
    }

    /** Names of the key's columns, to compare two tables by. */
    public List<String> columns() {
        return table.key().stream().map(KeyedTable.Column::name).toList();
    }

    /** How many rows the planner thinks there are; 0 when it does not know. */
    public long expected() {
        return table.expectedRows();
    }

    /** Returns the first keys after the given one; fewer than the limit at the end of the table. */
    public List<RowKey> after(@Nullable RowKey last, int limit) throws OutageException {
        try (PreparedStatement statement = connection.prepareStatement(table.page(last == null))) {
            int next = last == null ? 1 : table.bindKey(statement, 1, last);
            statement.setInt(next, limit);
            List<RowKey> keys = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(KeyedTable.keyOf(row, table.key().size()));
                }
            }
            connection.commit();
            return keys;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the keys of " + table.name(), failure);
        }
    }
}
