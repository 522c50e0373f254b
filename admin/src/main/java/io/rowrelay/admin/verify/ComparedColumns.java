package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.Condition;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.table.CapturedColumn;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.FenceColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The columns that both sides are compared by: all of the source. Each is compared as text, which the sessions print alike.
 *
 * @param columns in the order of the source table
 * @param scope what a result says nothing of, or less than of others
 */
record ComparedColumns(List<Column> columns, ColumnScope scope) {
    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '',
                   CASE a.attgenerated WHEN 'v' THEN pg_get_expr(d.adbin, d.adrelid) ELSE '' END, b.typname,
                   CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped AND IS_NO_FENCE
            ORDER BY a.attnum""".replace("IS_NO_FENCE", "NOT " + FenceColumn.isMarked("a"));

    ComparedColumns {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param name quoted
     * @param source text of the value in the source, of row {@code r}
     * @param changes likewise in the change table
     * @param destination likewise in the destination
     */
    record Column(String name, String source, String changes, String destination) {}

    /** Both tables by their names as in SQL. */
    static ComparedColumns read(
            Connection source, String sourceTable, ChangeTable changes, Connection destination, String destinationTable)
            throws SQLException {
        Map<String, ColumnType> here = types(source, sourceTable);
        Map<String, ColumnType> there = types(destination, destinationTable);
        there.remove(fence(destination, destinationTable, here));
        List<Column> columns = new ArrayList<>();
        List<String> left = new ArrayList<>();
        List<String> computed = new ArrayList<>();
        for (Map.Entry<String, ColumnType> column : here.entrySet()) {
            String name = column.getKey();
            ColumnType from = column.getValue();
            ColumnType to = there.get(name);
            Optional<CapturedColumn> captured = changes.columns().stream()
                    .filter(each -> each.source().equals(name))
                    .findFirst();
            if (to == null) {
                left.add("column " + Identifiers.unquote(name) + " of " + sourceTable + ": " + destinationTable
                        + " of the destination has none of that name");
            } else if (captured.isEmpty() && from.virtual().isEmpty()) {
                left.add("column " + Identifiers.unquote(name) + " of " + sourceTable
                        + ": it is not captured; run SELECT cdc_capture for the" + " table");
            } else {
                columns.add(column(source, name, changed(captured, changes, from), captured, from, to));
                if (to.generated() || !from.virtual().isEmpty()) {
                    computed.add(name);
                }
            }
        }
        List<String> further =
                there.keySet().stream().filter(name -> !here.containsKey(name)).toList();
        return new ComparedColumns(columns, new ColumnScope(left, plain(further), plain(computed)));
    }

    /** The consumer's column, quoted. One that nothing marks yet has the usual name, which the source does not have then. */
    private static String fence(Connection destination, String table, Map<String, ColumnType> ofSource)
            throws SQLException {
        String usual = Identifiers.quote(FenceColumn.USUAL_NAME);
        return FenceColumn.find(destination, table)
                .map(Identifiers::quote)
                .orElse(ofSource.containsKey(usual) ? "" : usual);
    }

    /** The value in a change. No change carries a virtual column: it is computed from the others, by their names in the source. */
    private static String changed(Optional<CapturedColumn> captured, ChangeTable changes, ColumnType from) {
        return captured.map(column -> "(" + column.of("r") + ")")
                .orElseGet(() -> changes.columns().stream()
                        .map(column -> column.of("r") + " AS " + column.source())
                        .collect(Collectors.joining(
                                ", ", "(SELECT " + new Condition(from.virtual()).sql() + " FROM (SELECT ", ") AS r)")));
    }

    private static Column column(
            Connection source,
            String name,
            String changed,
            Optional<CapturedColumn> captured,
            ColumnType from,
            ColumnType to)
            throws SQLException {
        String value = "r." + name;
        return new Column(
                name,
                text(asIn(source, value, from, to), captured, from),
                text(asIn(source, changed, from, to), captured, from),
                text(value, captured, to));
    }

    /** What the destination's type makes of the value, where the types differ and the source knows it. */
    private static String asIn(Connection source, String value, ColumnType from, ColumnType to) throws SQLException {
        if (from.name().equals(to.name())) {
            return value;
        }
        Optional<String> ours = to.takes(value, from);
        if (ours.isPresent()) {
            return ours.get();
        }
        try (PreparedStatement statement = source.prepareStatement("SELECT to_regtype(?) IS NOT NULL")) {
            statement.setString(1, to.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1) ? value + "::text::" + to.name() : value;
            }
        }
    }

    /** In a record, a JSON null and no value look the same, and white space around a json value is lost. */
    private static String text(String value, Optional<CapturedColumn> captured, ColumnType type) {
        boolean asJson = type.json()
                && captured.filter(column -> column.form() == CapturedColumn.Form.JSON)
                        .isPresent();
        return asJson ? "nullif(btrim(" + value + "::text, E' \\t\\n\\r'), 'null')" : value + "::text";
    }

    private static Map<String, ColumnType> types(Connection connection, String table) throws SQLException {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    types.put(
                            Identifiers.quote(row.getString(1)),
                            new ColumnType(
                                    row.getString(2),
                                    row.getBoolean(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getInt(6)));
                }
            }
        }
        return types;
    }

    List<String> ofSource() {
        return columns.stream().map(Column::source).toList();
    }

    List<String> ofChanges() {
        return columns.stream().map(Column::changes).toList();
    }

    List<String> ofDestination() {
        return columns.stream().map(Column::destination).toList();
    }

    /** Names as they are, for people. */
    static List<String> plain(List<String> quoted) {
        return quoted.stream().map(Identifiers::unquote).toList();
    }
}
