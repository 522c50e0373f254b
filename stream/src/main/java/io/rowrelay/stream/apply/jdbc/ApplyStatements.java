package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements that apply a batch. PostgreSQL turns JSON or arrays into rows; the names of the rows are quoted identifiers
 * from the catalog, all values are parameters. {@link FenceRule} says which change takes effect.
 */
public final class ApplyStatements {
    private static final String KEY = Identifiers.quote("rowrelay key");
    /** What the action_id of a change is called beside its values, whose names can be any. */
    private static final String ACTION_ID = Identifiers.quote("rowrelay action_id");

    /**
     * How the changes come to the server. Where the table has a fence, the last parameter is always the stream whose tombstones count;
     * where it has none, only the values come.
     */
    public enum Form {
        /** A JSON array in UTF-8, and, where the table has a fence, the keys as text[] in the same order. */
        JSON("?", "?", "?"),
        /** The same with PostgreSQL's own parameters, for a statement that a function of the server executes. */
        NUMBERED_JSON("$1", "$2", "$3"),
        /** The same as the first two, the records rewritten by {@link AppliedColumn#rewritten}. */
        RAW_JSON("?", "?", "?"),
        NUMBERED_RAW_JSON("$1", "$2", "$3"),
        /**
         * A text[] for each column, the action_ids as bigint[], and the keys as text[]: for plain types only. An upsert
         * then takes the stream, the smallest action_id it carries, and how many tombstones
         * from that one on are no concern of it.
         */
        ARRAYS("", "?", "?");

        private final String records;
        private final String keys;
        private final String stream;

        Form(String records, String keys, String stream) {
            this.records = records;
            this.keys = keys;
            this.stream = stream;
        }
    }

    private final AppliedTable table;
    private final Form form;

    public ApplyStatements(AppliedTable table, Form form) {
        this.table = table;
        this.form = form;
    }

    /** Inserts and updates. The count of rows is the count of changes that took effect. */
    public String upsert(List<AppliedColumn> columns) {
        return table.fence()
                .map(fence -> fencedUpsert(columns, fence.column().quoted()))
                .orElseGet(() -> unfencedUpsert(columns));
    }

    private String fencedUpsert(List<AppliedColumn> columns, String fence) {
        List<String> names = quoted(columns.stream().map(AppliedColumn::name).toList());
        String updated = updated(columns).map(assignment -> assignment + ", ").collect(Collectors.joining());
        return """
                INSERT INTO %1$s AS shown (%2$s, %5$s) OVERRIDING SYSTEM VALUE
                SELECT %2$s, %8$s FROM %3$s
                WHERE %6$s
                ON CONFLICT (%4$s) DO UPDATE SET %7$s%5$s = EXCLUDED.%5$s
                WHERE %9$s""".formatted(
                        table.name(),
                        String.join(", ", names),
                        incoming(columns),
                        String.join(", ", quoted(table.key())),
                        fence,
                        notDeletedSince(),
                        updated,
                        ACTION_ID,
                        FenceRule.newerThanTheRow(fence, "EXCLUDED." + fence));
    }

    /** What shows one state of the source knows by itself which changes are new. A row without a key is another row each time. */
    private String unfencedUpsert(List<AppliedColumn> columns) {
        String names = String.join(
                ", ", quoted(columns.stream().map(AppliedColumn::name).toList()));
        String insert = "INSERT INTO " + table.name() + " AS shown (" + names + ") OVERRIDING SYSTEM VALUE SELECT "
                + names + " FROM " + incoming(columns);
        if (table.keyless()) {
            return insert;
        }
        String updated = updated(columns).collect(Collectors.joining(", "));
        return insert + " ON CONFLICT (" + String.join(", ", quoted(table.key())) + ") DO "
                + (updated.isEmpty() ? "NOTHING" : "UPDATE SET " + updated);
    }

    /** The key as well: equal is not always identical, as with 1.0 and 1.00. An identity column of integers has no such values. */
    private static Stream<String> updated(List<AppliedColumn> columns) {
        return columns.stream()
                .filter(column -> !column.alwaysIdentity())
                .map(AppliedColumn::name)
                .map(Identifiers::quote)
                .map(name -> name + " = EXCLUDED." + name);
    }

    /**
     * The fence against tombstones. To look up each key costs a fifth of the statement, so first one look tells whether any
     * tombstone is new enough. The collation there and the sum here leave each look its own index, whatever the planner thinks
     * of the table; OFFSET 0 keeps it from reading all of it into a hash table.
     */
    private String notDeletedSince() {
        String none = FenceRule.noNewerTombstone(form.stream, "incoming." + KEY, "incoming." + ACTION_ID);
        return form == Form.ARRAYS
                ? "CASE WHEN EXISTS (SELECT FROM {cdc_tombstone} n WHERE n.stream COLLATE \"C\" = ? AND n.action_id >= ?"
                        + " ORDER BY n.action_id DESC OFFSET ?) THEN " + none + " OFFSET 0) ELSE true END"
                : none + ")";
    }

    /**
     * Deletions. The count of rows is the count of tombstones that moved; among them can be a deletion that is older than the row,
     * which stays.
     */
    String delete() {
        return table.fence().map(fence -> fencedDelete(fence.column().quoted())).orElseGet(this::unfencedDelete);
    }

    private String unfencedDelete() {
        List<AppliedColumn> columns = table.keyColumns();
        return "DELETE FROM " + table.name() + " shown USING " + incoming(columns) + " WHERE "
                + columns.stream().map(ApplyStatements::lookedUp).collect(Collectors.joining(" AND "));
    }

    /** Sets columns to NULL in the rows that changes are about. */
    String park(List<AppliedColumn> key, List<String> columns) {
        return "UPDATE " + table.name() + " shown SET "
                + quoted(columns).stream().map(name -> name + " = NULL").collect(Collectors.joining(", ")) + " FROM "
                + incoming(key) + " WHERE "
                + key.stream().map(ApplyStatements::lookedUp).collect(Collectors.joining(" AND "));
    }

    /** Deletes rows for which a condition holds, in which the row is called shown. */
    String deleteWhere(String condition) {
        return unfencedDelete() + " AND " + condition;
    }

    /** Gives the row of one change's key that of another change. */
    String moveKey(List<AppliedColumn> key) {
        String assigned = key.stream()
                .map(column -> column.quoted() + " = target." + column.quoted())
                .collect(Collectors.joining(", "));
        return "UPDATE " + table.name() + " shown SET " + assigned + " FROM " + incoming(key) + ", (SELECT * FROM "
                + incoming(key) + ") AS target WHERE "
                + key.stream().map(ApplyStatements::lookedUp).collect(Collectors.joining(" AND "));
    }

    /**
     * Deletes of rows without a key: for each change one row that equals its whole row in the texts of all columns, since not each type
     * has an equality. The count of rows is the count of changes that found one.
     */
    String deleteEqualRows(List<AppliedColumn> columns) {
        return """
                WITH wanted AS MATERIALIZED (SELECT %3$s AS image, count(*) AS times FROM %2$s GROUP BY 1),
                found AS MATERIALIZED (
                    SELECT shown.tableoid AS home, shown.ctid AS address, wanted.times,
                           row_number() OVER (PARTITION BY wanted.image) AS place
                    FROM %1$s shown JOIN wanted ON wanted.image = %4$s)
                DELETE FROM %1$s gone USING found
                WHERE gone.ctid = found.address AND gone.tableoid = found.home AND found.place <= found.times""".formatted(table.name(), incoming(columns), image("incoming", columns), image("shown", columns));
    }

    /** By the output functions of the types, not by a cast that an owner could have added. */
    private static String image(String row, List<AppliedColumn> columns) {
        return columns.stream()
                .map(column -> row + "." + column.quoted())
                .map(value -> "CASE WHEN " + value + " IS DISTINCT FROM NULL THEN format('%s', " + value
                        + ") END COLLATE \"C\"")
                .collect(Collectors.joining(", ", "ARRAY[", "]::text[]"));
    }

    private String fencedDelete(String fence) {
        List<AppliedColumn> columns = table.keyColumns();
        String sameKey = columns.stream().map(ApplyStatements::lookedUp).collect(Collectors.joining(" AND "));
        return """
                WITH incoming AS MATERIALIZED (SELECT * FROM %2$s),
                gone AS (
                    DELETE FROM %1$s shown USING incoming
                    WHERE %3$s AND (%7$s)
                )
                INSERT INTO {cdc_tombstone} AS t (stream, key, action_id) SELECT %6$s, %4$s, %5$s FROM incoming
                ON CONFLICT (stream, key) DO UPDATE SET action_id = EXCLUDED.action_id, deleted_at = EXCLUDED.deleted_at
                WHERE %8$s""".formatted(
                        table.name(),
                        incoming(columns),
                        sameKey,
                        KEY,
                        ACTION_ID,
                        form.stream,
                        FenceRule.newerThanTheRow(fence, "incoming." + ACTION_ID),
                        FenceRule.NEWER_THAN_THE_TOMBSTONE);
    }

    /**
     * The row that has the key. Written as an equality, the planner may also read the whole table in the order of its index and
     * compare each row with each change, which it does where it believes the table to be empty. An ANY it can only look up. Among the
     * other types are arrays, of which ANY would compare the elements.
     */
    private static String lookedUp(AppliedColumn column) {
        String name = column.quoted();
        String shown = "shown." + name + " " + column.equality() + " ";
        return column.plainType().isPresent()
                ? shown + "ANY (ARRAY[incoming." + name + "])"
                : shown + "incoming." + name;
    }

    /** The batch as rows: the values beside their keys. */
    private String incoming(List<AppliedColumn> columns) {
        return switch (form) {
            case ARRAYS -> unnested(columns);
            case JSON, NUMBERED_JSON -> parsed(columns, "incoming", AppliedColumn::type);
            case RAW_JSON, NUMBERED_RAW_JSON -> raw(columns);
        };
    }

    /** The server reads a json value that is given as a text as it would read the text alone, and keeps it. */
    private String raw(List<AppliedColumn> columns) {
        String values = columns.stream()
                .map(column -> {
                    String name = column.quoted();
                    return column.isJson() ? "given." + name + "::" + column.type() + " AS " + name : "given." + name;
                })
                .map(value -> value + ", ")
                .collect(Collectors.joining());
        return "(SELECT " + (fenced() ? values + "given." + ACTION_ID + ", given." + KEY : withoutComma(values))
                + " FROM " + parsed(columns, "given", column -> column.isJson() ? "text" : column.type())
                + ") AS incoming";
    }

    private String unnested(List<AppliedColumn> columns) {
        StringBuilder arrays = new StringBuilder();
        StringBuilder names = new StringBuilder();
        StringBuilder values = new StringBuilder();
        for (AppliedColumn column : columns) {
            String name = column.quoted();
            // Its labels are read by the input function of the type, not by a cast that its owner could have added.
            String element =
                    column.column().type().isEnum() ? column.plainType().orElseThrow() : "text";
            arrays.append("?::").append(element).append("[], ");
            names.append(name).append(", ");
            values.append("given.")
                    .append(name)
                    .append("::")
                    .append(column.plainType().orElseThrow())
                    .append(" AS ")
                    .append(name)
                    .append(", ");
        }
        return fenced()
                ? "(SELECT " + values + "given." + ACTION_ID + ", given." + KEY + " FROM unnest(" + arrays
                        + "?::bigint[], ?::text[]) AS given(" + names + ACTION_ID + ", " + KEY + ")) AS incoming"
                : "(SELECT " + withoutComma(values) + " FROM unnest(" + withoutComma(arrays) + ") AS given("
                        + withoutComma(names) + ")) AS incoming";
    }

    private boolean fenced() {
        return table.fence().isPresent();
    }

    private static String withoutComma(CharSequence list) {
        return list.subSequence(0, list.length() - ", ".length()).toString();
    }

    private String parsed(List<AppliedColumn> columns, String alias, Function<AppliedColumn, String> type) {
        List<String> names =
                new ArrayList<>(quoted(columns.stream().map(AppliedColumn::name).toList()));
        String members = columns.stream()
                .map(column -> Identifiers.quote(column.member()) + " " + type.apply(column) + ", ")
                .collect(Collectors.joining());
        if (!fenced()) {
            return "ROWS FROM (json_to_recordset(convert_from(" + form.records + ", 'UTF8')::json) AS ("
                    + withoutComma(members) + ")) AS " + alias + "(" + String.join(", ", names) + ")";
        }
        names.add(ACTION_ID);
        names.add(KEY);
        return "ROWS FROM (json_to_recordset(convert_from(" + form.records + ", 'UTF8')::json) AS (" + members
                + "action_id bigint), unnest(" + form.keys + "::text[])) AS " + alias + "("
                + String.join(", ", names) + ")";
    }

    private static List<String> quoted(Collection<String> names) {
        return names.stream().map(Identifiers::quote).toList();
    }
}
