package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table on one side, as far as it is compared. Only read; PostgreSQL does the hashing, so that rows stay there. Not thread-safe. */
final class ComparedTable implements HashedTable {
    private static final int KEYS_AT_ONCE = 5_000;

    private final Connection connection;
    private final KeyedTable table;
    private final ComparedSql sql;

    ComparedTable(Connection connection, KeyedTable table, ComparedSql sql) {
        this.connection = connection;
        this.table = table;
        this.sql = sql;
    }

    /** What is read of one row. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** How many rows the planner thinks there are; 0 when it does not know. */
    long expected() {
        return table.expectedRows();
    }

    @Override
    public @Nullable RowKey boundary(KeyRange range, int rows) throws OutageException {
        try (PreparedStatement statement =
                connection.prepareStatement(sql.boundary(range.after() != null, range.upTo() != null))) {
            statement.setInt(bind(statement, range), rows - 1);
            try (ResultSet row = statement.executeQuery()) {
                RowKey found = row.next() ? KeyedTable.keyOf(row, table.key().size()) : null;
                connection.commit();
                return found;
            }
        } catch (SQLException failure) {
            throw outage(failure);
        }
    }

    @Override
    public Fingerprint fingerprint(KeyRange range, int rows) throws OutageException {
        try (PreparedStatement statement =
                connection.prepareStatement(sql.fingerprint(range.after() != null, range.upTo() != null))) {
            statement.setInt(bind(statement, range), rows);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Fingerprint fingerprint = new Fingerprint(row.getLong(1), row.getLong(2), row.getLong(3));
                connection.commit();
                return fingerprint;
            }
        } catch (SQLException failure) {
            throw outage(failure);
        }
    }

    private int bind(PreparedStatement statement, KeyRange range) throws SQLException {
        RowKey after = range.after();
        RowKey upTo = range.upTo();
        int next = after == null ? 1 : table.bindKey(statement, 1, after);
        return upTo == null ? next : table.bindKey(statement, next, upTo);
    }

    @Override
    public Map<RowKey, Long> hashes(KeyRange range) throws OutageException {
        int columns = table.key().size();
        Map<RowKey, Long> hashes = new LinkedHashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement(sql.hashes(range.after() != null, range.upTo() != null))) {
            bind(statement, range);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    hashes.put(KeyedTable.keyOf(row, columns), row.getLong(columns + 1));
                }
            }
            connection.commit();
            return hashes;
        } catch (SQLException failure) {
            throw outage(failure);
        }
    }

    @Override
    public Map<RowKey, Long> hashesOf(List<RowKey> keys) throws OutageException {
        return inOneTransaction(sql.hashesOf(), keys, row -> row.getLong(2));
    }

    /** Those of the keys that there is a row of, compared or not, by what was asked for. */
    Map<RowKey, RowState> states(List<RowKey> keys) throws OutageException {
        return inOneTransaction(sql.states(), keys, row -> state(row, 2));
    }

    /** The values of rows as text, in the order of the columns, NULL as such. */
    Map<RowKey, List<String>> values(List<RowKey> keys) throws OutageException {
        return inOneTransaction(sql.values(), keys, row -> {
            List<String> values = new ArrayList<>();
            for (int column = 2; column <= row.getMetaData().getColumnCount(); column++) {
                values.add(row.getString(column));
            }
            return values;
        });
    }

    /** The same, in a transaction that the caller ends. */
    Map<RowKey, RowState> statesInTransaction(List<RowKey> keys) throws SQLException {
        return look(sql.states(), keys, row -> state(row, 2));
    }

    /** A state from three columns or more: version, hashes, and the key. */
    RowState state(ResultSet row, int first) throws SQLException {
        Long[] hashes = (Long[]) row.getArray(first + 1).getArray();
        List<String> key = new ArrayList<>();
        for (int column = 0; column < table.key().size(); column++) {
            key.add(row.getString(first + 2 + column));
        }
        return new RowState(new RowKey(key), List.of(hashes), row.getString(first));
    }

    private <T> Map<RowKey, T> inOneTransaction(String query, List<RowKey> keys, Reading<T> reading)
            throws OutageException {
        try {
            Map<RowKey, T> found = look(query, keys, reading);
            connection.commit();
            return found;
        } catch (SQLException failure) {
            throw outage(failure);
        }
    }

    private <T> Map<RowKey, T> look(String query, List<RowKey> keys, Reading<T> reading) throws SQLException {
        Map<RowKey, T> found = new LinkedHashMap<>();
        for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
            List<RowKey> part = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                table.bind(statement, 1, part);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.put(part.get(row.getInt(1) - 1), reading.of(row));
                    }
                }
            }
        }
        return found;
    }

    private OutageException outage(SQLException failure) {
        return SqlFailures.outage("comparing rows of " + table.name(), failure);
    }
}
