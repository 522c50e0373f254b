package io.rowrelay.admin.dlq;

import io.rowrelay.admin.dlq.RelatedRows.Present;
import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.record.TombstoneKey;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.ColumnType;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the row that the key of a record names. A key that is none ends the transaction. */
record RowLookup(Connection connection, KeyedTable table) {

    /** The row as it is, its columns called as in a record. */
    Present row(String key) throws SQLException {
        return find(key, "0", "");
    }

    /** The key that the text of a record names; empty where that is no key of the table. */
    Optional<RowKey> key(String text) throws SQLException {
        return row(text).note().isEmpty() ? Optional.of(new RowKey(values(text))) : Optional.empty();
    }

    /** The row of a destination, and the change that it or its tombstone shows. */
    Present fenced(String key, String stream) throws SQLException {
        Present row = find(key, "coalesce(found." + table.fence() + ", 0)", table.fence());
        return row.note().isEmpty()
                ? new Present(row.json(), Math.max(row.actionId(), tombstone(key, stream)), "")
                : row;
    }

    private Present find(String key, String actionId, String fence) throws SQLException {
        String sql = "SELECT row_to_json(row)::text, " + actionId + " FROM " + table.wanted()
                + " CROSS JOIN LATERAL (SELECT * FROM " + table.name() + " r WHERE " + table.isWanted()
                + " OFFSET 0) found CROSS JOIN LATERAL (SELECT " + asInRecord(fence) + ") AS row";
        try {
            List<String> values = values(key);
            if (values.size() != table.key().size()) {
                return noKey();
            }
            return Query.first(
                            connection,
                            sql,
                            row -> new Present(Optional.of(row.getString(1)), row.getLong(2), ""),
                            table.wantedParameters(List.of(new RowKey(values))).toArray())
                    .orElseGet(() -> new Present(Optional.empty(), 0, ""));
        } catch (SQLException failure) {
            if (SqlFailures.mayBeRejection(failure)) {
                return noKey();
            }
            throw failure;
        }
    }

    private Present noKey() {
        return Present.unknown("the dead letter's key is no key of " + table.name());
    }

    private String asInRecord(String fence) throws SQLException {
        List<Column> columns =
                TableCatalog.find(connection, table.name()).map(Table::columns).orElse(List.of());
        return columns.stream()
                .map(column -> column.type().printable("found." + column.quoted()) + " AS "
                        + Identifiers.quote(column.quoted().equals(fence) ? Envelope.ACTION_ID : column.inRecord()))
                .collect(Collectors.joining(", "));
    }

    private List<String> values(String key) throws SQLException {
        if (table.key().size() == 1) {
            return List.of(key);
        }
        List<List<String>> forms = Query.list(
                connection,
                "SELECT coalesce(value #>> '{}', ''), value::text FROM json_array_elements(?::json)",
                row -> List.of(row.getString(1), row.getString(2)),
                key);
        return IntStream.range(0, forms.size())
                .mapToObj(position -> forms.get(position).get(isJson(position) ? 1 : 0))
                .toList();
    }

    private boolean isJson(int position) {
        return position < table.key().size() && table.key().get(position).type().shape() == ColumnType.Shape.JSONB;
    }

    /** The consumer writes a composite key in one form; that of the record may have other white space. */
    private String oneForm(String key) throws SQLException {
        return table.key().size() == 1
                ? key
                : Query.one(
                        connection,
                        "SELECT '[' || string_agg(value::text, ', ' ORDER BY position) || ']'"
                                + " FROM json_array_elements(?::json) WITH ORDINALITY AS part(value, position)",
                        row -> String.valueOf(row.getString(1)),
                        key);
    }

    private long tombstone(String key, String stream) throws SQLException {
        return Query.first(
                        connection,
                        "SELECT action_id FROM {cdc_tombstone} WHERE key = ? AND stream = ?",
                        row -> row.getLong(1),
                        TombstoneKey.of(oneForm(key)),
                        stream)
                .orElse(0L);
    }
}
