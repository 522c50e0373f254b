package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.backfill.Candidates;
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

/** Reads the keys of the source, and of which the condition is true. Not thread-safe. */
final class JdbcCandidates implements Candidates {
    private final Connection connection;
    private final KeyedTable table;
    private final Condition condition;

    JdbcCandidates(Connection connection, KeyedTable table, Condition condition) {
        this.connection = connection;
        this.table = table;
        this.condition = condition;
    }

    @Override
    public long expected() {
        return table.expectedRows();
    }

    @Override
    public Page after(@Nullable RowKey last, int limit) throws OutageException {
        String sql = "SELECT " + table.keyAsText() + ", " + condition.sql() + "::boolean IS TRUE FROM " + table.name()
                + " r WHERE " + table.range(last != null, false) + table.inOrder() + " LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(last == null ? 1 : table.bindKey(statement, 1, last), limit);
            Page page = page(statement);
            connection.commit();
            return page;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the keys of " + table.name(), failure);
        }
    }

    private Page page(PreparedStatement statement) throws SQLException {
        int columns = table.key().size();
        int rows = 0;
        @Nullable RowKey last = null;
        List<RowKey> keys = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows++;
                last = KeyedTable.keyOf(row, columns);
                if (row.getBoolean(columns + 1)) {
                    keys.add(last);
                }
            }
        }
        return new Page(rows, last, keys);
    }
}
