package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.resync.Keys;
import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a table over a connection. */
final class JdbcKeys implements Keys {
    private final Connection connection;
    private final KeyedTable table;

    JdbcKeys(Connection connection, KeyedTable table) {
        this.connection = connection;
        this.table = table;
    }

    @Override
    public List<String> columns() {
        return table.key().stream().map(KeyedTable.Column::name).toList();
    }

    @Override
    public long expected() {
        return table.expectedRows();
    }

    @Override
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
