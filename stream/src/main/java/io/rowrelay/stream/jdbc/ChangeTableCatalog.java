package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ChangeTable.Column;
import io.rowrelay.stream.jdbc.ChangeTable.Form;
import io.rowrelay.stream.jdbc.ChangeTable.Text;
import io.rowrelay.stream.record.ColumnNames;
import io.rowrelay.stream.record.Envelope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads from the catalog what the statements need to know of a change table. */
public final class ChangeTableCatalog {
    /**
     * The columns with the types that each is made of: {@code inside} are those of elements and attributes. Lost on the way
     * through JSON would be, inside another value, where an array begins, how many dimensions an array of JSON arrays has,
     * and whether a JSON null is one; and a type with a cast to json of its own is printed by that cast, which the type's
     * input function does not understand.
     */
    private static final String COLUMNS = """
            WITH RECURSIVE part(attnum, type, inside) AS (
                SELECT attnum, atttypid, false FROM pg_catalog.pg_attribute
                WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped
                UNION
                SELECT whole.attnum, next.type, whole.inside OR next.inside
                FROM part whole JOIN pg_catalog.pg_type t ON t.oid = whole.type
                CROSS JOIN LATERAL (
                    SELECT t.typbasetype, false WHERE t.typtype = 'd'
                    UNION ALL
                    SELECT e.oid, true FROM pg_catalog.pg_type e WHERE e.typarray = t.oid
                    UNION ALL
                    SELECT a.atttypid, true FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) next(type, inside)
            ), judged AS (
                SELECT p.attnum, p.inside, t.typrelid <> 0 AS is_row, e.oid IS NOT NULL AS is_list,
                       t.oid IN ('json'::regtype, 'jsonb'::regtype) AS is_json,
                       EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = t.oid AND c.casttarget = 'json'::regtype
                               AND c.castmethod = 'f' AND t.oid <> 'jsonb'::regtype) AS cast_to_json
                FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.type
                LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
            )
            SELECT a.attname,
                   bool_or(cast_to_json OR inside AND (is_list OR is_json)) AS to_text,
                   bool_or(is_list AND NOT inside) AS is_array, bool_or(is_row AND NOT inside) AS is_composite,
                   CASE WHEN a.atttypid = ANY ('{int2,int4,int8,numeric,float4,float8,bool}'::regtype[]) THEN 'BARE'
                        WHEN a.atttypid = ANY ('{text,varchar,uuid,date}'::regtype[]) THEN 'STRING'
                        WHEN a.atttypid = 'jsonb'::regtype THEN 'JSON' ELSE 'OTHER' END AS text,
                   a.atttypid = ANY ('{text,varchar,bpchar,bytea}'::regtype[]) AS is_string,
                   a.atttypid = ANY ('{int2,int4,int8,float4,float8,bool,uuid,date,timestamp,timestamptz,time,timetz,interval}'::regtype[])
                   AS small,
                   a.atttypid = 'numeric'::regtype AS is_numeric,
                   a.atttypid IN ('float8'::regtype, '_float8'::regtype) AS is_double
            FROM judged JOIN pg_catalog.pg_attribute a ON a.attrelid = ?::oid AND a.attnum = judged.attnum
            GROUP BY a.attnum, a.attname, a.atttypid, a.atttypmod ORDER BY a.attnum""";

    /**
     * The change table is made so that it holds more than the source's columns do. How these are declared says which numerics are
     * short, and which floating-point numbers are to be printed as a real is.
     */
    private static final String SOURCE_COLUMNS = """
            SELECT a.attname, t.oid = 'numeric'::regtype AND m.modifier >= 0 AS is_short,
                   CASE t.oid WHEN 'float4'::regtype THEN '::real' WHEN '_float4'::regtype THEN '::real[]' ELSE '' END AS cast
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type d ON d.oid = a.atttypid
            JOIN pg_catalog.pg_type t ON t.oid = coalesce(nullif(d.typbasetype, 0), d.oid)
            CROSS JOIN LATERAL (SELECT CASE WHEN d.typtype = 'd' THEN d.typtypmod ELSE a.atttypmod END AS modifier) m
            WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped""";

    private record SourceColumn(String name, boolean isShort, String cast) {}

    private ChangeTableCatalog() {}

    /**
     * Reads the change table of a source table; both names are as in SQL, and one without a schema is found as cdc_capture
     * finds it.
     *
     * @throws OutageException with data at risk when there is no such capture, or one without all of the primary key
     */
    public static ChangeTable read(Connection connection, String sourceTable, String changeTable)
            throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT format('%I.%I', t.change_schema, t.change_name), c.oid::bigint, to_regclass(?)::oid::bigint
                FROM rowrelay.change_table(to_regclass(?), ?) t JOIN pg_catalog.pg_class c ON c.oid = t.change_oid""")) {
            statement.setString(1, sourceTable);
            statement.setString(2, sourceTable);
            statement.setString(3, changeTable);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw OutageException.dataAtRisk(missing(connection, sourceTable, changeTable));
                }
                return read(connection, row, sourceTable, changeTable);
            }
        }
    }

    private static ChangeTable read(Connection connection, ResultSet row, String sourceTable, String changeTable)
            throws SQLException, OutageException {
        long oid = row.getLong(2);
        long source = row.getLong(3);
        // Before the columns: what is altered in between is found to have been altered.
        long alone = definition(connection, oid, 0);
        long withSource = definition(connection, oid, source);
        List<String> key = keyColumns(connection, sourceTable);
        List<Column> columns = columns(connection, oid, source, key);
        refuseMissing(key, columns, sourceTable, changeTable);
        boolean cast = columns.stream().anyMatch(column -> !column.cast().isEmpty());
        return new ChangeTable(
                row.getString(1), oid, cast ? source : 0, cast ? withSource : alone, columns, inOrder(key, columns));
    }

    private static long definition(Connection connection, long oid, long printedLike) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT " + ChangeTable.definition(oid, printedLike));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Why there is no change table: cdc_check knows a table that has another name now. */
    private static String missing(Connection connection, String sourceTable, String changeTable) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT problem, hint FROM rowrelay.problems(?, to_regclass(?), ?) WHERE to_regclass(?) IS NULL LIMIT 1""")) {
            statement.setString(1, sourceTable);
            statement.setString(2, sourceTable);
            statement.setString(3, changeTable);
            statement.setString(4, sourceTable);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    return row.getString(1) + " (" + row.getString(2) + ")";
                }
            }
        }
        return "the change table " + changeTable
                + " does not exist in the source database: apply sql/source, or run SELECT cdc_capture('" + sourceTable
                + "', '" + changeTable + "')";
    }

    private static List<Column> columns(Connection connection, long oid, long source, List<String> key)
            throws SQLException {
        Map<String, SourceColumn> sources = sourceColumns(connection, source);
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, oid);
            statement.setLong(2, oid);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString("attname");
                    if (!Envelope.FIELDS.contains(name)) {
                        columns.add(column(row, name, sources, key));
                    }
                }
            }
        }
        return columns;
    }

    private static Column column(ResultSet row, String name, Map<String, SourceColumn> sources, List<String> key)
            throws SQLException {
        SourceColumn source = sources.get(name);
        String sourceName = source == null ? name : source.name();
        String quoted = Identifiers.quote(sourceName);
        boolean shortNumeric = row.getBoolean("is_numeric") && source != null && source.isShort();
        return new Column(
                Identifiers.quote(name),
                quoted,
                source == null ? name : ColumnNames.inRecord(sourceName),
                source != null && row.getBoolean("is_double") ? source.cast() : "",
                form(row, key.contains(quoted)),
                Text.valueOf(row.getString("text")),
                row.getBoolean("small") || shortNumeric,
                row.getBoolean("is_string"));
    }

    /** By what they are called in the change table; one that was made by an older cdc_capture has a column such as _action as it is. */
    private static Map<String, SourceColumn> sourceColumns(Connection connection, long source) throws SQLException {
        Map<String, SourceColumn> here = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SOURCE_COLUMNS)) {
            statement.setLong(1, source);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    here.put(name, new SourceColumn(name, row.getBoolean(2), row.getString(3)));
                }
            }
        }
        Map<String, SourceColumn> named = new LinkedHashMap<>(here);
        here.forEach((name, column) -> named.put(ColumnNames.inRecord(name), column));
        return named;
    }

    /** A key is made of scalars, so that it has one text form. */
    private static Form form(ResultSet row, boolean inKey) throws SQLException {
        boolean array = row.getBoolean("is_array");
        boolean container = array || row.getBoolean("is_composite");
        if (row.getBoolean("to_text") || (inKey && container)) {
            return Form.TEXT;
        }
        return array ? Form.ARRAY : Form.JSON;
    }

    /** As after a new primary key, or a renamed column of it: without all of the key a change belongs to no row. */
    private static void refuseMissing(List<String> key, List<Column> columns, String sourceTable, String changeTable)
            throws OutageException {
        List<String> missing = key.stream()
                .filter(name ->
                        columns.stream().noneMatch(column -> column.source().equals(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw OutageException.dataAtRisk("the change table " + changeTable + " has no "
                    + String.join(", ", missing) + ", which is in the primary key of " + sourceTable
                    + ": SELECT * FROM cdc_check('" + sourceTable + "', '" + changeTable + "') says what to do");
        }
    }

    private static List<Column> inOrder(List<String> key, List<Column> columns) {
        return key.stream()
                .flatMap(name ->
                        columns.stream().filter(column -> column.source().equals(name)))
                .toList();
    }

    private static List<String> keyColumns(Connection connection, String sourceTable)
            throws SQLException, OutageException {
        List<String> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT a.attname
                FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = to_regclass(?) AND i.indisprimary AND k.place <= i.indnkeyatts
                ORDER BY k.place""")) {
            statement.setString(1, sourceTable);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    key.add(Identifiers.quote(row.getString(1)));
                }
            }
        }
        if (key.isEmpty()) {
            throw OutageException.dataAtRisk("the source table " + sourceTable
                    + " does not exist or has no primary key: apply sql/source, or check SOURCE_TABLE");
        }
        return key;
    }
}
