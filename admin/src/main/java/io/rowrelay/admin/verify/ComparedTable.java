package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table on one side, as far as it is compared. Only read; PostgreSQL does the hashing, so that rows stay there. Not
 * thread-safe.
 */
record ComparedTable(TableSession session, KeyedTable table, ComparedSql sql) implements HashedTable {
    private static final int KEYS_AT_ONCE = 5_000;

    /** How many rows there are by the planner's estimate; 0 when it has none. */
    long expected() {
        return table.expectedRows();
    }

    @Override
    public @Nullable RowKey boundary(KeyRange range, int rows) throws OutageException {
        List<Object> parameters = parameters(range);
        parameters.add(rows - 1);
        return session.list(doing(), sql.boundary(range), row -> table.keyOf(row, 1), parameters.toArray()).stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public Fingerprint fingerprint(KeyRange range, int rows) throws OutageException {
        List<Object> parameters = parameters(range);
        parameters.add(rows);
        return session.one(
                doing(),
                sql.fingerprint(range),
                row -> new Fingerprint(row.getLong(1), row.getLong(2), row.getLong(3)),
                parameters.toArray());
    }

    @Override
    public Map<RowKey, Long> hashes(KeyRange range) throws OutageException {
        Map<RowKey, Long> hashes = new LinkedHashMap<>();
        session.list(
                doing(),
                sql.hashes(range),
                row -> hashes.put(table.keyOf(row, 1), row.getLong(table.key().size() + 1)),
                parameters(range).toArray());
        return hashes;
    }

    private List<Object> parameters(KeyRange range) {
        List<Object> parameters = new ArrayList<>();
        if (range.after() != null) {
            parameters.addAll(table.boundParameters(range.after()));
        }
        if (range.upTo() != null) {
            parameters.addAll(table.boundParameters(range.upTo()));
        }
        return parameters;
    }

    @Override
    public Map<RowKey, Long> hashesOf(List<RowKey> keys) throws OutageException {
        return session.run(doing(), connection -> look(connection, sql.hashesOf(), keys, row -> row.getLong(2)));
    }

    /** Those of the keys that there is a row of, compared or not, by what was asked for. */
    Map<RowKey, RowState> states(List<RowKey> keys) throws OutageException {
        return session.run(doing(), connection -> states(connection, keys));
    }

    /** The same, in a transaction that the caller ends. */
    Map<RowKey, RowState> states(Connection connection, List<RowKey> keys) throws SQLException {
        return look(connection, sql.states(), keys, row -> state(row, 2));
    }

    /** A state from three columns or more: version, hashes, and the key. */
    RowState state(ResultSet row, int first) throws SQLException {
        Long[] hashes = (Long[]) row.getArray(first + 1).getArray();
        return new RowState(table.keyOf(row, first + 2), List.of(hashes), row.getString(first));
    }

    /** The values of rows as text, in the order of the columns, NULL as such. */
    Map<RowKey, List<String>> values(List<RowKey> keys) throws OutageException {
        return session.run(
                doing(),
                connection -> look(connection, sql.values(), keys, row -> {
                    List<String> values = new ArrayList<>();
                    for (int column = 2; column <= row.getMetaData().getColumnCount(); column++) {
                        values.add(row.getString(column));
                    }
                    return values;
                }));
    }

    private <T> Map<RowKey, T> look(Connection connection, String query, List<RowKey> keys, Query.Reader<T> reader)
            throws SQLException {
        Map<RowKey, T> found = new LinkedHashMap<>();
        for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
            List<RowKey> part = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
            Query.list(
                    connection,
                    query,
                    row -> found.put(part.get(row.getInt(1) - 1), reader.read(row)),
                    table.wantedParameters(part).toArray());
        }
        return found;
    }

    private String doing() {
        return "comparing rows of " + table.name();
    }
}
