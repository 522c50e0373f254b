package io.rowrelay.admin.backfill;

import io.rowrelay.admin.tables.Condition;
import io.rowrelay.admin.tables.KeyCatalog;
import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The source's rows in key order, a page at a time: nothing stays open between two pages. Not thread-safe. */
public final class Candidates {
    private final Connection connection;
    private final KeyedTable table;
    private final Condition condition;

    /**
     * A page.
     *
     * @param rows how many rows were looked at; fewer than asked for at the end of the table
     * @param last the last of them, or null when there was none
     * @param keys of those that the condition is true for
     */
    record Page(int rows, @Nullable RowKey last, List<RowKey> keys) {
        Page {
            keys = List.copyOf(keys);
        }
    }

    /** The source's rows, to be sent where the condition is true. */
    public static Candidates read(StreamTables tables, Optional<String> where) throws OutageException {
        return tables.read(
                "reading the definition of " + tables.names().source(),
                (source, destination) -> new Candidates(
                        source, KeyCatalog.read(source, tables.names().source()), Condition.of(where)));
    }

    private Candidates(Connection connection, KeyedTable table, Condition condition) {
        this.connection = connection;
        this.table = table;
        this.condition = condition;
    }

    /** How many rows the planner thinks there are; 0 when it does not know. */
    long expected() {
        return table.expectedRows();
    }

    /** Looks at the first rows after the given key. */
    Page after(@Nullable RowKey last, int limit) throws OutageException {
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
