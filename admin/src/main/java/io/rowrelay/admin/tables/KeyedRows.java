package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table, of which a condition can choose some, by their keys. Each read is a transaction of its own. Not
 * thread-safe.
 */
public final class KeyedRows {
    private final Connection connection;
    private final KeyedTable table;
    private final Condition condition;

    KeyedRows(Connection connection, KeyedTable table, Condition condition) {
        this.connection = connection;
        this.table = table;
        this.condition = condition;
    }

    /**
     * A chunk of the keys, in their order.
     *
     * @param keys all of them; fewer than asked for at the end of the table
     * @param chosen those whose row the condition is true of
     */
    public record Chunk(List<RowKey> keys, List<RowKey> chosen) {
        public Chunk {
            keys = List.copyOf(keys);
            chosen = List.copyOf(chosen);
        }

        /** The key to go on after, or null when there is none. */
        public @Nullable RowKey last() {
            return keys.isEmpty() ? null : keys.get(keys.size() - 1);
        }
    }

    /** How many rows the planner thinks there are; 0 when it does not know. */
    public long expected() {
        return table.expectedRows();
    }

    /** Reads the first keys after the given one, or after none. */
    public Chunk after(@Nullable RowKey last, int limit) throws OutageException {
        // Without the r. ORDER BY would mean the text, of the same name.
        String sql = "SELECT " + table.keyAsText() + ", " + condition.sql() + "::boolean IS TRUE FROM " + table.name()
                + " r WHERE " + table.range(last != null, false) + table.inOrder() + " LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(last == null ? 1 : table.bindKey(statement, 1, last), limit);
            List<RowKey> keys = new ArrayList<>();
            List<RowKey> chosen = new ArrayList<>();
            int columns = table.key().size();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    RowKey key = KeyedTable.keyOf(row, columns);
                    keys.add(key);
                    if (row.getBoolean(columns + 1)) {
                        chosen.add(key);
                    }
                }
            }
            connection.commit();
            return new Chunk(keys, chosen);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the keys of " + table.name(), failure);
        }
    }

    /** Which of the keys there are. */
    public Set<RowKey> existing(List<RowKey> keys) throws OutageException {
        return existing(keys, "", (statement, next) -> {});
    }

    /** Which of the keys have a row that the condition is true of. */
    public Set<RowKey> chosen(List<RowKey> keys) throws OutageException {
        return condition.isAll()
                ? new HashSet<>(keys)
                : existing(keys, " AND " + condition.sql(), (statement, next) -> {});
    }

    /** Sets the parameters behind those of the keys. */
    @FunctionalInterface
    interface Parameters {
        void set(PreparedStatement statement, int next) throws SQLException;
    }

    /** Which of the keys there are of which a further condition on row {@code r} is true, which begins with AND. */
    Set<RowKey> existing(List<RowKey> keys, String further, Parameters parameters) throws OutageException {
        Set<RowKey> existing = new HashSet<>();
        if (keys.isEmpty()) {
            return existing;
        }
        // OFFSET 0 keeps the planner from reading the whole table once more for every few keys.
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT w.position FROM " + table.wanted() + " CROSS JOIN LATERAL (SELECT FROM " + table.name()
                        + " r WHERE " + table.isWanted() + further + " OFFSET 0) found")) {
            parameters.set(statement, table.bind(statement, 1, keys));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    existing.add(keys.get(row.getInt(1) - 1));
                }
            }
            connection.commit();
            return existing;
        } catch (SQLException failure) {
            throw SqlFailures.outage("looking for rows of " + table.name(), failure);
        }
    }
}
