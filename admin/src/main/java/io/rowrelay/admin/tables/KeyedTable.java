package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.KeyPart;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table with a primary key of any type, and the SQL that finds rows by their keys. Keys travel as text, which
 * the sessions print and read alike; the index's own operators compare them.
 *
 * @param name qualified and quoted
 * @param key the columns of the primary key, in key order
 * @param fence of a destination table, the column that says which change a row shows, quoted
 * @param expectedRows what the planner thinks, 0 when it does not know
 */
public record KeyedTable(String name, List<KeyColumn> key, String fence, long expectedRows) {
    private static final String GREATER = "OPERATOR(pg_catalog.>)";
    private static final String LESS_OR_EQUAL = "OPERATOR(pg_catalog.<=)";

    public KeyedTable {
        key = List.copyOf(key);
    }

    /**
     * Refuses another table whose key has other columns.
     *
     * @throws CommandFailedException that names both
     */
    public void requireSameKey(KeyedTable destination) {
        List<String> here = key.stream().map(KeyColumn::name).toList();
        List<String> there = destination.key.stream().map(KeyColumn::name).toList();
        if (!here.equals(there)) {
            throw new CommandFailedException(
                    "the primary keys differ: " + here + " in the source, " + there + " in the destination");
        }
    }

    /** The same key where it is called as in a change table. */
    public KeyedTable within(ChangeTable changes) {
        List<KeyColumn> renamed = IntStream.range(0, key.size())
                .mapToObj(position ->
                        key.get(position).renamed(changes.key().get(position).name()))
                .toList();
        return new KeyedTable(changes.name(), renamed, fence, expectedRows);
    }

    /** Whether both order their keys alike, so that a range of keys holds the same keys here and there. */
    public boolean ordersLike(KeyedTable other) {
        List<String> orders = orders();
        return !orders.contains("") && orders.equals(other.orders());
    }

    private List<String> orders() {
        return key.stream().map(column -> column.part().order()).toList();
    }

    /** The key of row {@code r}, a text for each column. */
    public String keyAsText() {
        return joined(column -> column.type().text("r." + column.name()), ", ");
    }

    /** In the order of the keys. */
    public String inOrder() {
        return " ORDER BY " + joined(column -> "r." + column.name(), ", ");
    }

    /**
     * Rows {@code r} behind one key and up to another, each where there is one; parameters: {@link #boundParameters} of the
     * one, then of the other.
     */
    public String range(boolean behind, boolean upTo) {
        return (behind ? after() : "true") + (upTo ? " AND " + upTo() : "");
    }

    /** The parameters of a bound of {@link #range}. */
    public List<Object> boundParameters(RowKey bound) {
        List<Object> parameters = new ArrayList<>();
        for (int column = 0; column < key.size(); column++) {
            int times = rowsCompare() || column == key.size() - 1 ? 1 : 2;
            parameters.addAll(Collections.nCopies(times, bound.values().get(column)));
        }
        return parameters;
    }

    private String after() {
        return bound(GREATER, KeyPart::greater, KeyPart::greaterOrEqual, KeyPart::greater);
    }

    private String upTo() {
        return bound(LESS_OR_EQUAL, KeyPart::less, KeyPart::lessOrEqual, KeyPart::lessOrEqual);
    }

    /**
     * Keys on one side of another key. A comparison of rows where that has the index's operators, since only then the index
     * leads straight to the row; otherwise column by column.
     */
    private String bound(
            String rows,
            Function<KeyPart, String> strict,
            Function<KeyPart, String> loose,
            Function<KeyPart, String> last) {
        if (key.size() > 1 && rowsCompare()) {
            return "ROW(" + joined(column -> "r." + column.name(), ", ") + ") " + rows + " ROW("
                    + joined(column -> column.type().read("?::text"), ", ") + ")";
        }
        KeyColumn only = key.get(key.size() - 1);
        String condition = "r." + only.name() + " " + last.apply(only.part()) + " "
                + only.type().read("?::text");
        for (int position = key.size() - 2; position >= 0; position--) {
            KeyColumn column = key.get(position);
            String value = " " + column.type().read("?::text");
            condition = "(r." + column.name() + " " + loose.apply(column.part()) + value + " AND (r." + column.name()
                    + " " + strict.apply(column.part()) + value + " OR " + condition + "))";
        }
        return condition;
    }

    private boolean rowsCompare() {
        return key.stream().allMatch(column -> column.part().greater().equals(GREATER));
    }

    /** Keys given as one text[] for each column, as {@code w(k1, k2, ..., position)}. */
    public String wanted() {
        return IntStream.range(0, key.size())
                .mapToObj(position -> "?::text[]")
                .collect(Collectors.joining(
                        ", ",
                        "unnest(",
                        ") WITH ORDINALITY AS w(" + positions(position -> "k" + position) + ", position)"));
    }

    /** The parameters, as values of the columns of a change table. */
    public String wantedValues(ChangeTable changes) {
        return positions(position -> (changes.key().get(position).printed()
                        ? changes.key().get(position).type()
                        : key.get(position).type())
                .read("w.k" + position));
    }

    /** Whether row {@code r} has the wanted key. */
    public String isWanted() {
        return IntStream.range(0, key.size())
                .mapToObj(position -> "r." + key.get(position).name() + " "
                        + key.get(position).part().equal() + " "
                        + key.get(position).type().read("w.k" + position))
                .collect(Collectors.joining(" AND "));
    }

    private String positions(Function<Integer, String> piece) {
        return IntStream.range(0, key.size()).mapToObj(piece::apply).collect(Collectors.joining(", "));
    }

    private String joined(Function<KeyColumn, String> piece, String separator) {
        return key.stream().map(piece).collect(Collectors.joining(separator));
    }

    /** The parameters of {@link #wanted}. */
    public List<Object> wantedParameters(List<RowKey> keys) {
        return IntStream.range(0, key.size())
                .<Object>mapToObj(column ->
                        keys.stream().map(wanted -> wanted.values().get(column)).toArray(String[]::new))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** The key in the columns of a row from the given one on. */
    public RowKey keyOf(ResultSet row, int first) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int column = 0; column < key.size(); column++) {
            values.add(row.getString(first + column));
        }
        return new RowKey(values);
    }
}
