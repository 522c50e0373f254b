package io.rowrelay.admin.dlq;

import io.rowrelay.admin.dlq.RelatedRows.Present;
import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.record.TombstoneKey;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the row that the key of a record names. */
final class RowLookup {
    private final Connection connection;
    private final KeyedTable table;

    RowLookup(Connection connection, KeyedTable table) {
        this.connection = connection;
        this.table = table;
    }

    /** The row as it is, its columns called as in a record. */
    Present row(String key) throws SQLException {
        return find(key, "0", "");
    }

    /** The row of a destination and the change that it shows, or that its tombstone does. */
    Present fenced(String key, String stream) throws SQLException {
        Present row = find(key, "coalesce(found." + table.fence() + ", 0)", table.fence());
        return new Present(row.json(), Math.max(row.actionId(), tombstone(key, stream)), row.note());
    }

    private Present find(String key, String actionId, String fence) throws SQLException {
        try {
            String sql = "SELECT row_to_json(row)::text, " + actionId + " FROM " + table.wanted()
                    + " CROSS JOIN LATERAL (SELECT * FROM " + table.name() + " r WHERE " + table.isWanted()
                    + " OFFSET 0) found CROSS JOIN LATERAL (SELECT " + asInRecord(fence) + ") AS row";
            List<String> values = values(key);
            if (values.size() != table.key().size()) {
                return Present.unknown("the letter's key is no key of " + table.name());
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                table.bind(statement, 1, List.of(new RowKey(values)));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? new Present(Optional.of(row.getString(1)), row.getLong(2), "")
                            : new Present(Optional.empty(), 0, "");
                }
            }
        } catch (SQLException failure) {
            if (SqlFailures.mayBeRejection(failure)) {
                return Present.unknown("the letter's key is no key of " + table.name());
            }
            throw failure;
        }
    }

    private String asInRecord(String fence) throws SQLException {
        List<Column> columns =
                TableCatalog.find(connection, table.name()).map(Table::columns).orElse(List.of());
        return columns.stream()
                .map(column -> "found." + column.quoted() + " AS "
                        + Identifiers.quote(column.quoted().equals(fence) ? Envelope.ACTION_ID : column.inRecord()))
                .collect(Collectors.joining(", "));
    }

    private List<String> values(String key) throws SQLException {
        if (table.key().size() == 1) {
            return List.of(key);
        }
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT coalesce(value #>> '{}', ''), value::text FROM json_array_elements(?::json)")) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    boolean asJson = values.size() < table.key().size()
                            && table.key().get(values.size()).type().equals("jsonb");
                    values.add(row.getString(asJson ? 2 : 1));
                }
            }
        }
        return values;
    }

    /** The consumer writes a composite key in one form; that of the record may have other white space. */
    String oneForm(String key) throws SQLException {
        if (table.key().size() == 1) {
            return key;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT '[' || string_agg(value::text, ', ' ORDER BY place) || ']'"
                        + " FROM json_array_elements(?::json) WITH ORDINALITY AS part(value, place)")) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    private long tombstone(String key, String stream) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT action_id FROM cdc_tombstone WHERE key = ? AND stream = ?")) {
            statement.setString(1, TombstoneKey.of(oneForm(key)));
            statement.setString(2, stream);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } catch (SQLException failure) {
            if (SqlFailures.mayBeRejection(failure)) {
                return 0;
            }
            throw failure;
        }
    }
}
