package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Counts how often each row is in a table without a key, on both sides and at one moment: the destination shows the source as of its
 * snapshot A, and the source's rows at A are those of now without the changes that A does not show. Locks nothing. Not thread-safe.
 */
final class RowCounts {
    private static final String DOING = "counting the rows of ";

    private final StreamTables tables;
    private final ChangeTable changes;
    private final ComparedColumns columns;
    private final Hashing hashing;

    RowCounts(StreamTables tables) throws OutageException {
        this.tables = tables;
        this.changes = tables.changes();
        this.columns = ComparedTables.columns(tables, changes);
        this.hashing = Hashing.forBoth(tables.source(), tables.destination());
    }

    /** Which columns are compared. */
    ColumnScope scope() {
        return columns.scope();
    }

    /**
     * What there is of some rows.
     *
     * @param rows how many
     * @param sum of their hashes
     */
    record Sum(long rows, String sum) {}

    /** A number of rows that are alike. */
    record Alike(long hash, long rows) {}

    /** Both sides, each by the same numbers. */
    record Both<T>(Map<Long, T> source, Map<Long, T> destination) {
        Both {
            source = Map.copyOf(source);
            destination = Map.copyOf(destination);
        }
    }

    /** The sum of each bucket of rows: those whose hashes end alike, as the mask says. */
    Both<Sum> sums(long mask) throws OutageException {
        String sql = "SELECT hash & ?, sum(n)::bigint, sum(hash::numeric * n)::text FROM (%s) rows GROUP BY 1"
                + " HAVING sum(n) <> 0 OR sum(hash::numeric * n) <> 0";
        return atOneMoment(
                sql, row -> Map.entry(row.getLong(1), new Sum(row.getLong(2), row.getString(3))), List.of(mask));
    }

    /** How often each row of some buckets is there, by its hash. */
    Both<Long> counts(long mask, List<Long> buckets) throws OutageException {
        String sql =
                "SELECT hash, sum(n)::bigint FROM (%s) rows WHERE hash & ? = ANY (?) GROUP BY 1 HAVING sum(n) <> 0";
        return atOneMoment(
                sql, row -> Map.entry(row.getLong(1), row.getLong(2)), List.of(mask, buckets.toArray(Long[]::new)));
    }

    private <T> Both<T> atOneMoment(String sql, Query.Reader<Map.Entry<Long, T>> reader, List<Object> parameters)
            throws OutageException {
        String doing = DOING + tables.settings().sourceTable();
        boolean first = sql.indexOf('?') < sql.indexOf("%s");
        return tables.destination().inSnapshot(doing, there -> {
            String applied = Query.one(
                    there,
                    "SELECT snapshot::text FROM {cdc_applied} WHERE stream = ?",
                    row -> row.getString(1),
                    tables.stream());
            Map<Long, T> shown = read(there, sql.formatted(destinationRows()), reader, parameters);
            // Later than A, so it shows all that A shows.
            Map<Long, T> had = tables.source().inSnapshot(doing, here -> {
                refuseRemoved(here, applied);
                List<Object> all = new ArrayList<>(parameters);
                all.addAll(first ? all.size() : 0, List.of(applied, applied));
                return read(here, sql.formatted(sourceRows()), reader, all);
            });
            return new Both<>(had, shown);
        });
    }

    /** Without the changes behind A, what the source had at A is not known. */
    private void refuseRemoved(Connection source, String applied) throws SQLException {
        boolean removed = Query.one(
                source,
                "SELECT NOT (removed_xid IS NULL OR " + WindowRule.allVisible("removed_xid", WindowRule.PARAMETER)
                        + ") FROM {cdc_offset} WHERE stream = ?",
                row -> row.getBoolean(1),
                applied,
                tables.stream());
        if (removed) {
            throw new CommandFailedException(
                    "RETENTION has removed changes of " + tables.settings().sourceTable()
                            + " that are not applied yet, so its rows cannot be compared now: run this again when the consumer has caught up,"
                            + " or set a longer RETENTION for the producer");
        }
    }

    private static <T> Map<Long, T> read(
            Connection connection, String sql, Query.Reader<Map.Entry<Long, T>> reader, List<Object> parameters)
            throws SQLException {
        Map<Long, T> found = new HashMap<>();
        Query.list(connection, sql, reader, parameters.toArray())
                .forEach(each -> found.put(each.getKey(), each.getValue()));
        return found;
    }

    private String destinationRows() {
        return "SELECT " + hash(columns.ofDestination()) + " AS hash, 1 AS n FROM "
                + tables.settings().destinationTable() + " r";
    }

    private String sourceRows() {
        return "SELECT " + hash(columns.ofSource()) + " AS hash, 1 AS n FROM "
                + tables.settings().sourceTable() + " r UNION ALL SELECT " + hash(columns.ofChanges())
                + ", CASE r.action WHEN 'DELETE' THEN 1 ELSE -1 END FROM " + changes.name()
                + " r WHERE " + WindowRule.behind("r", WindowRule.PARAMETER);
    }

    private String hash(List<String> texts) {
        return hashing.of(texts.stream().collect(Collectors.joining(", ", "ROW(", ")::text")));
    }

    /** Writes an INSERT of rows of the source, each as often as given, as far as they are still there; returns how many. */
    int writeInserts(List<Alike> missing) throws OutageException {
        String sql = """
                INSERT INTO %1$s (%2$s, action)
                SELECT %8$s, 'INSERT' FROM (
                    SELECT %3$s, %4$s AS "rowrelay hash", row_number() OVER (PARTITION BY %4$s) AS "rowrelay nth" FROM %5$s r) found
                JOIN unnest(?::bigint[], ?::bigint[]) AS wanted (hash, rows)
                  ON wanted.hash = "rowrelay hash" AND "rowrelay nth" <= wanted.rows
                WHERE %6$s = %7$d""".formatted(
                        changes.name(),
                        names(""),
                        changes.columns().stream()
                                .map(column -> column.captured("r." + column.source()) + " AS " + column.name())
                                .collect(Collectors.joining(", ")),
                        hash(columns.ofSource()),
                        tables.settings().sourceTable(),
                        changes.definitionNow(),
                        changes.definition(),
                        names("found."));
        return write(sql, hashes(missing), rows(missing));
    }

    private String names(String prefix) {
        return changes.columns().stream().map(column -> prefix + column.name()).collect(Collectors.joining(", "));
    }

    /** Writes a DELETE of rows of the destination, each as often as given; returns how many. */
    int writeDeletes(List<Alike> extra) throws OutageException {
        Map<Long, String> images = images(extra);
        List<Alike> found =
                extra.stream().filter(each -> images.containsKey(each.hash())).toList();
        String sql = """
                INSERT INTO %1$s (%2$s, action)
                SELECT %3$s, 'DELETE' FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS wanted (image, hash, rows)
                CROSS JOIN LATERAL json_populate_record(NULL::%1$s, wanted.image::json) r
                CROSS JOIN LATERAL generate_series(1, wanted.rows)
                WHERE %4$s = wanted.hash AND %5$s = %6$d""".formatted(
                        changes.name(),
                        names(""),
                        names("r."),
                        hash(columns.ofChanges()),
                        changes.definitionNow(),
                        changes.definition());
        return write(
                sql,
                found.stream().map(each -> images.get(each.hash())).toArray(String[]::new),
                hashes(found),
                rows(found));
    }

    /** A row of the destination for each hash, with the columns of the change table. */
    private Map<Long, String> images(List<Alike> extra) throws OutageException {
        String sql = """
                SELECT DISTINCT ON (hash) hash, image FROM (
                    SELECT %1$s AS hash, (SELECT row_to_json(x)::text FROM (SELECT %2$s) AS x) AS image FROM %3$s r) rows
                WHERE hash = ANY (?)""".formatted(
                        hash(columns.ofDestination()),
                        changes.columns().stream()
                                .map(column -> column.type().printable("r." + column.source()) + " AS " + column.name())
                                .collect(Collectors.joining(", ")),
                        tables.settings().destinationTable());
        return tables.destination()
                .inSnapshot(
                        DOING + tables.settings().destinationTable(),
                        there -> read(
                                there, sql, row -> Map.entry(row.getLong(1), row.getString(2)), List.<Object>of((Object)
                                        hashes(extra))));
    }

    private int write(String sql, Object... parameters) throws OutageException {
        return tables.source()
                .inLongTransaction("writing to " + changes.name(), here -> Query.update(here, sql, parameters));
    }

    private static Long[] hashes(List<Alike> rows) {
        return rows.stream().map(Alike::hash).toArray(Long[]::new);
    }

    private static Long[] rows(List<Alike> rows) {
        return rows.stream().map(Alike::rows).toArray(Long[]::new);
    }
}
