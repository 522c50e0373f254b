package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.resync.RowKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table with a primary key of any type, and the pieces of SQL that find rows by their keys. Keys travel as text, which
 * the sessions print and read alike; the index's own operators compare them.
 *
 * @param name qualified and quoted
 * @param key the columns of the primary key, in key order
 * @param expectedRows what the planner thinks
 */
record KeyedTable(String name, List<Column> key, long expectedRows) {
    private static final String GREATER = "OPERATOR(pg_catalog.>)";

    KeyedTable {
        key = List.copyOf(key);
    }

    /**
     * A column of the key.
     *
     * @param name quoted
     * @param type without length or precision, so that a cast alters no value
     * @param equal the index's operators, qualified
     * @param greater likewise
     * @param greaterOrEqual likewise
     */
    record Column(String name, String type, String equal, String greater, String greaterOrEqual) {}

    /** Keys in their order; parameters: the key after which to begin, unless at the first, and the limit. */
    String page(boolean first) {
        // Without the r. ORDER BY would mean the text, of the same name.
        return "SELECT " + joined(column -> "r." + column.name() + "::text", ", ") + " FROM " + name + " r"
                + (first ? "" : " WHERE " + after()) + " ORDER BY " + joined(column -> "r." + column.name(), ", ")
                + " LIMIT ?";
    }

    /** How often {@link #page} asks for each of the key's values, in key order. */
    int timesAsked(int column) {
        return rowsCompare() ? 1 : column < key.size() - 1 ? 2 : 1;
    }

    /**
     * Keys in key order behind another key. As a comparison of rows where that has the index's operators, since only so the
     * index leads to the very place; else spelt out.
     */
    private String after() {
        if (key.size() > 1 && rowsCompare()) {
            return "ROW(" + joined(column -> "r." + column.name(), ", ") + ") " + GREATER + " ROW("
                    + joined(column -> "?::text::" + column.type(), ", ") + ")";
        }
        Column only = key.get(key.size() - 1);
        String condition = "r." + only.name() + " " + only.greater() + " ?::text::" + only.type();
        for (int place = key.size() - 2; place >= 0; place--) {
            Column column = key.get(place);
            String value = " ?::text::" + column.type();
            condition = "(r." + column.name() + " " + column.greaterOrEqual() + value + " AND (r." + column.name() + " "
                    + column.greater() + value + " OR " + condition + "))";
        }
        return condition;
    }

    private boolean rowsCompare() {
        return key.stream().allMatch(column -> column.greater().equals(GREATER));
    }

    /** Keys given as one text[] for each column, as {@code w(k1, k2, ..., place)}. */
    String wanted() {
        return IntStream.range(0, key.size())
                .mapToObj(place -> "?::text[]")
                .collect(Collectors.joining(
                        ", ", "unnest(", ") WITH ORDINALITY AS w(" + places(place -> "k" + place) + ", place)"));
    }

    /** What is wanted, as values of the columns' types. */
    String wantedValues() {
        return places(place -> "w.k" + place + "::" + key.get(place).type());
    }

    /** Whether row {@code r} has the wanted key. */
    String isWanted() {
        return IntStream.range(0, key.size())
                .mapToObj(place -> "r." + key.get(place).name() + " "
                        + key.get(place).equal() + " w.k" + place + "::"
                        + key.get(place).type())
                .collect(Collectors.joining(" AND "));
    }

    String keyNames() {
        return joined(Column::name, ", ");
    }

    private String places(Function<Integer, String> piece) {
        return IntStream.range(0, key.size()).mapToObj(piece::apply).collect(Collectors.joining(", "));
    }

    private String joined(Function<Column, String> piece, String separator) {
        return key.stream().map(piece).collect(Collectors.joining(separator));
    }

    /** Sets the parameters of {@link #wanted}, from the given one on; returns the next. */
    int bind(PreparedStatement statement, int first, List<RowKey> keys) throws SQLException {
        Connection connection = statement.getConnection();
        for (int place = 0; place < key.size(); place++) {
            int column = place;
            Object[] values =
                    keys.stream().map(wanted -> wanted.values().get(column)).toArray();
            statement.setArray(first + place, connection.createArrayOf("text", values));
        }
        return first + key.size();
    }

    /**
     * Which of the keys the table has.
     *
     * @param condition a further condition on row {@code r}, beginning with AND, or nothing; its parameter is the number
     */
    Set<RowKey> existing(Connection connection, List<RowKey> keys, String condition, long number) throws SQLException {
        Set<RowKey> existing = new HashSet<>();
        if (keys.isEmpty()) {
            return existing;
        }
        // OFFSET 0 keeps the planner from reading the whole table once more for every few keys.
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT w.place FROM " + wanted() + " CROSS JOIN LATERAL (SELECT FROM "
                        + name + " r WHERE " + isWanted() + condition + " OFFSET 0) found")) {
            int next = bind(statement, 1, keys);
            if (!condition.isEmpty()) {
                statement.setLong(next, number);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    existing.add(keys.get(row.getInt(1) - 1));
                }
            }
        }
        return existing;
    }

    static RowKey keyOf(ResultSet row, int columns) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
            values.add(row.getString(column));
        }
        return new RowKey(values);
    }
}
