package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.Condition;
import io.rowrelay.admin.tables.KeyedTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that compare one side.
 *
 * @param table where the rows are
 * @param columns an expression for the text of each compared column of row {@code r}
 * @param version an expression for the version of row {@code r}
 * @param hashing the same on both sides
 * @param condition which rows are compared
 */
record ComparedSql(KeyedTable table, List<String> columns, String version, Hashing hashing, Condition condition) {
    ComparedSql {
        columns = List.copyOf(columns);
    }

    String boundary(KeyRange range) {
        return "SELECT " + table.keyAsText() + " FROM " + table.name() + " r WHERE "
                + table.range(range.after() != null, range.upTo() != null) + table.inOrder() + " OFFSET ? LIMIT 1";
    }

    /** Exclusive or: no order, no overflow. That two rows are the same, and cancel each other out, no key allows. */
    String fingerprint(KeyRange range) {
        return "SELECT count(looked.hash), coalesce(bit_xor(looked.hash), 0), count(*) FROM (SELECT CASE WHEN "
                + condition.sql() + " THEN " + rowHash() + " END AS hash FROM " + table.name() + " r WHERE "
                + table.range(range.after() != null, range.upTo() != null) + table.inOrder() + " LIMIT ?) looked";
    }

    String hashes(KeyRange range) {
        return "SELECT " + table.keyAsText() + ", " + rowHash() + " FROM " + table.name() + " r WHERE "
                + table.range(range.after() != null, range.upTo() != null) + " AND " + condition.sql()
                + table.inOrder();
    }

    String hashesOf() {
        return looked(rowHash() + " AS hash", " AND " + condition.sql());
    }

    String states() {
        return looked(state(), "");
    }

    String values() {
        return looked(
                IntStream.range(0, columns.size())
                        .mapToObj(position -> "coalesce(" + columns.get(position) + ", 'NULL') AS c" + position)
                        .collect(Collectors.joining(", ")),
                "");
    }

    /** What a state of row {@code r} is read from: version, hashes, key. */
    String state() {
        String hashes = columns.stream()
                .map(column -> "coalesce(" + hashing.of(column) + ", 0)")
                .collect(Collectors.joining(", ", "ARRAY[", "]::bigint[]"));
        return version + " AS version, " + hashes + " AS hashes, " + table.keyAsText();
    }

    private String rowHash() {
        return hashing.of(columns.stream().collect(Collectors.joining(", ", "ROW(", ")::text")));
    }

    /** Something of each wanted row, behind its position; the parameters are those of {@link KeyedTable#wanted}. */
    private String looked(String what, String further) {
        // OFFSET 0 keeps the planner from reading the whole table once more for every few keys.
        return "SELECT w.position, found.* FROM " + table.wanted() + " CROSS JOIN LATERAL (SELECT " + what + " FROM "
                + table.name() + " r WHERE " + table.isWanted() + further + " OFFSET 0) found";
    }
}
