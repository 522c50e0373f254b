package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.ChangeTable;
import io.rowrelay.common.jdbc.Identifiers;
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
 * The columns that both sides are compared by: those that are captured, but for those that the destination computes itself.
 * Each is compared as text, which the sessions print alike.
 *
 * @param columns in the order of the change table
 */
record ComparedColumns(List<Column> columns) {
    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', b.typname,
                   CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped""";

    ComparedColumns {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param name quoted
     * @param source text of the value in the source and the change table, of row {@code r}
     * @param destination likewise
     */
    record Column(String name, String source, String destination) {}

    /** Both tables by their names as in SQL. */
    static ComparedColumns read(
            Connection source, String sourceTable, ChangeTable changes, Connection destination, String destinationTable)
            throws SQLException {
        Map<String, ColumnType> here = types(source, sourceTable);
        Map<String, ColumnType> there = types(destination, destinationTable);
        List<Column> columns = new ArrayList<>();
        for (ChangeTable.Column captured : changes.columns()) {
            ColumnType from = here.get(captured.name());
            ColumnType to = there.get(captured.name());
            if (from == null || to == null) {
                throw new CommandFailedException("column " + captured.name() + " is captured, but missing in "
                        + (from == null ? sourceTable + " of the source" : destinationTable + " of the destination"));
            }
            if (!to.generated()) {
                columns.add(new Column(
                        captured.name(),
                        text(asIn(source, "r." + captured.name(), from, to), captured, from),
                        text("r." + captured.name(), captured, to)));
            }
        }
        return new ComparedColumns(columns);
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
    private static String text(String value, ChangeTable.Column captured, ColumnType type) {
        boolean asJson = type.json() && captured.form() == ChangeTable.Form.JSON;
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
                            new ColumnType(row.getString(2), row.getBoolean(3), row.getString(4), row.getInt(5)));
                }
            }
        }
        return types;
    }

    List<String> ofSource() {
        return columns.stream().map(Column::source).toList();
    }

    List<String> ofDestination() {
        return columns.stream().map(Column::destination).toList();
    }

    /** Names as they are, for people. */
    static List<String> plain(List<String> quoted) {
        return quoted.stream()
                .map(name -> name.substring(1, name.length() - 1).replace("\"\"", "\""))
                .collect(Collectors.toList());
    }
}
