package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ChangeTable;
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
 * @param fence of a destination table, the column that says which change a row shows, quoted
 * @param expectedRows what the planner thinks, 0 when it does not know
 */
public record KeyedTable(String name, List<Column> key, String fence, long expectedRows) {
    private static final String GREATER = "OPERATOR(pg_catalog.>)";
    private static final String LESS_OR_EQUAL = "OPERATOR(pg_catalog.<=)";

    public KeyedTable {
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
     * @param less likewise
     * @param lessOrEqual likewise
     * @param order names the order of the values, so that two columns with the same name for it order the same values
     *     alike; empty where that cannot be known, as with collations, which differ between machines
     */
    public record Column(
            String name,
            String type,
            String equal,
            String greater,
            String greaterOrEqual,
            String less,
            String lessOrEqual,
            String order) {
        Column renamed(String other) {
            return new Column(other, type, equal, greater, greaterOrEqual, less, lessOrEqual, order);
        }
    }

    /** The same key where it is called as in a change table. */
    public KeyedTable within(ChangeTable changes) {
        List<Column> renamed = IntStream.range(0, key.size())
                .mapToObj(
                        place -> key.get(place).renamed(changes.key().get(place).name()))
                .toList();
        return new KeyedTable(changes.name(), renamed, fence, expectedRows);
    }

    /** Whether both order their keys alike, so that a range of keys holds the same keys here and there. */
    public boolean ordersLike(KeyedTable other) {
        return key.stream().noneMatch(column -> column.order().isEmpty())
                && key.stream()
                        .map(Column::order)
                        .toList()
                        .equals(other.key.stream().map(Column::order).toList());
    }

    /** Keys in their order; parameters: the key after which to begin, unless at the first, and the limit. */
    public String page(boolean first) {
        // Without the r. ORDER BY would mean the text, of the same name.
        return "SELECT " + keyAsText() + " FROM " + name + " r WHERE " + range(!first, false) + inOrder() + " LIMIT ?";
    }

    /** The key of row {@code r}, a text for each column. */
    public String keyAsText() {
        return joined(column -> "r." + column.name() + "::text", ", ");
    }

    public String inOrder() {
        return " ORDER BY " + joined(column -> "r." + column.name(), ", ");
    }

    /**
     * Rows {@code r} behind one key and up to another, each where there is one; parameters: {@link #bindKey} of the one, then
     * of the other.
     */
    public String range(boolean behind, boolean upTo) {
        return (behind ? after() : "true") + (upTo ? " AND " + upTo() : "");
    }

    /** Sets the parameters of a bound of {@link #page} or {@link #range}; returns the next. */
    public int bindKey(PreparedStatement statement, int first, RowKey bound) throws SQLException {
        int next = first;
        for (int column = 0; column < key.size(); column++) {
            int times = rowsCompare() || column == key.size() - 1 ? 1 : 2;
            for (int time = 0; time < times; time++) {
                statement.setString(next++, bound.values().get(column));
            }
        }
        return next;
    }

    private String after() {
        return bound(GREATER, Column::greater, Column::greaterOrEqual, Column::greater);
    }

    private String upTo() {
        return bound(LESS_OR_EQUAL, Column::less, Column::lessOrEqual, Column::lessOrEqual);
    }

    /**
     * Keys on one side of another key. As a comparison of rows where that has the index's operators, since only so the index
     * leads to the very place; else spelt out.
     */
    private String bound(
            String rows,
            Function<Column, String> strict,
            Function<Column, String> loose,
            Function<Column, String> last) {
        if (key.size() > 1 && rowsCompare()) {
            return "ROW(" + joined(column -> "r." + column.name(), ", ") + ") " + rows + " ROW("
                    + joined(column -> "?::text::" + column.type(), ", ") + ")";
        }
        Column only = key.get(key.size() - 1);
        String condition = "r." + only.name() + " " + last.apply(only) + " ?::text::" + only.type();
        for (int place = key.size() - 2; place >= 0; place--) {
            Column column = key.get(place);
            String value = " ?::text::" + column.type();
            condition = "(r." + column.name() + " " + loose.apply(column) + value + " AND (r." + column.name() + " "
                    + strict.apply(column) + value + " OR " + condition + "))";
        }
        return condition;
    }

    private boolean rowsCompare() {
        return key.stream().allMatch(column -> column.greater().equals(GREATER));
    }

    /** Keys given as one text[] for each column, as {@code w(k1, k2, ..., place)}. */
    public String wanted() {
        return IntStream.range(0, key.size())
                .mapToObj(place -> "?::text[]")
                .collect(Collectors.joining(
                        ", ", "unnest(", ") WITH ORDINALITY AS w(" + places(place -> "k" + place) + ", place)"));
    }

    /** What is wanted, as values of the columns' types. */
    public String wantedValues() {
        return places(place -> "w.k" + place + "::" + key.get(place).type());
    }

    /** Whether row {@code r} has the wanted key. */
    public String isWanted() {
        return IntStream.range(0, key.size())
                .mapToObj(place -> "r." + key.get(place).name() + " "
                        + key.get(place).equal() + " w.k" + place + "::"
                        + key.get(place).type())
                .collect(Collectors.joining(" AND "));
    }

    public String keyNames() {
        return joined(Column::name, ", ");
    }

    private String places(Function<Integer, String> piece) {
        return IntStream.range(0, key.size()).mapToObj(piece::apply).collect(Collectors.joining(", "));
    }

    private String joined(Function<Column, String> piece, String separator) {
        return key.stream().map(piece).collect(Collectors.joining(separator));
    }

    /** Sets the parameters of {@link #wanted}, from the given one on; returns the next. */
    public int bind(PreparedStatement statement, int first, List<RowKey> keys) throws SQLException {
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
    public Set<RowKey> existing(Connection connection, List<RowKey> keys, String condition, long number)
            throws SQLException {
        return existing(connection, keys, condition, (statement, next) -> {
            if (!condition.isEmpty()) {
                statement.setLong(next, number);
            }
        });
    }

    /** Which of the keys have a row that the condition is true of. */
    public Set<RowKey> chosen(Connection connection, List<RowKey> keys, Condition condition) throws SQLException {
        return condition.isAll()
                ? new HashSet<>(keys)
                : existing(connection, keys, " AND " + condition.sql(), (statement, next) -> {});
    }

    /** Looks for rows. */
    @FunctionalInterface
    public interface Look {
        Set<RowKey> run() throws SQLException;
    }

    /** What a look finds, in a transaction of its own. */
    public Set<RowKey> found(Connection connection, Look look) throws OutageException {
        try {
            Set<RowKey> rows = look.run();
            connection.commit();
            return rows;
        } catch (SQLException failure) {
            throw SqlFailures.outage("looking for rows of " + name, failure);
        }
    }

    /** Sets the parameters behind those of the keys. */
    @FunctionalInterface
    private interface Further {
        void set(PreparedStatement statement, int next) throws SQLException;
    }

    private Set<RowKey> existing(Connection connection, List<RowKey> keys, String condition, Further further)
            throws SQLException {
        Set<RowKey> existing = new HashSet<>();
        if (keys.isEmpty()) {
            return existing;
        }
        // OFFSET 0 keeps the planner from reading the whole table once more for every few keys.
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT w.place FROM " + wanted() + " CROSS JOIN LATERAL (SELECT FROM "
                        + name + " r WHERE " + isWanted() + condition + " OFFSET 0) found")) {
            further.set(statement, bind(statement, 1, keys));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    existing.add(keys.get(row.getInt(1) - 1));
                }
            }
        }
        return existing;
    }

    public static RowKey keyOf(ResultSet row, int columns) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
            values.add(row.getString(column));
        }
        return new RowKey(values);
    }
}
