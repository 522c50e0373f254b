package io.rowrelay.admin.tables;

import io.rowrelay.common.runtime.OutageException;
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
    private final TableSession session;
    private final KeyedTable table;
    private final Condition condition;

    KeyedRows(TableSession session, KeyedTable table, Condition condition) {
        this.session = session;
        this.table = table;
        this.condition = condition;
    }

    /**
     * A chunk of the keys, in their order.
     *
     * @param keys all of them; fewer than asked for at the end of the table
     * @param chosen those with a row for which the condition is true
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

    /** How many rows there are by the planner's estimate; 0 when it has none. */
    public long expected() {
        return table.expectedRows();
    }

    /** Reads the first keys after the given one, or after none. */
    public Chunk after(@Nullable RowKey last, int limit) throws OutageException {
        // Without the r, ORDER BY would mean the text, which has the same name.
        String sql = "SELECT " + table.keyAsText() + ", " + condition.sql() + "::boolean IS TRUE FROM " + table.name()
                + " r WHERE " + table.range(last != null, false) + table.inOrder() + " LIMIT ?";
        List<Object> parameters = last == null ? new ArrayList<>() : table.boundParameters(last);
        parameters.add(limit);
        List<RowKey> chosen = new ArrayList<>();
        List<RowKey> keys = session.list(
                "reading the keys of " + table.name(),
                sql,
                row -> {
                    RowKey key = table.keyOf(row, 1);
                    if (row.getBoolean(table.key().size() + 1)) {
                        chosen.add(key);
                    }
                    return key;
                },
                parameters.toArray());
        return new Chunk(keys, chosen);
    }

    /** Which of the keys there are. */
    public Set<RowKey> existing(List<RowKey> keys) throws OutageException {
        return existing(keys, "");
    }

    /** Which of the keys have a row for which the condition is true. */
    public Set<RowKey> chosen(List<RowKey> keys) throws OutageException {
        return condition.isAll() ? new HashSet<>(keys) : existing(keys, " AND " + condition.sql());
    }

    /** Which of the keys have a row {@code r} for which a further condition is true; the condition begins with AND. */
    Set<RowKey> existing(List<RowKey> keys, String further, Object... furtherParameters) throws OutageException {
        if (keys.isEmpty()) {
            return Set.of();
        }
        // OFFSET 0 keeps the planner from reading the whole table once more for every few keys.
        String sql = "SELECT w.position FROM " + table.wanted() + " CROSS JOIN LATERAL (SELECT FROM " + table.name()
                + " r WHERE " + table.isWanted() + further + " OFFSET 0) found";
        List<Object> parameters = table.wantedParameters(keys);
        parameters.addAll(List.of(furtherParameters));
        return new HashSet<>(session.list(
                "looking for rows of " + table.name(), sql, row -> keys.get(row.getInt(1) - 1), parameters.toArray()));
    }
}
