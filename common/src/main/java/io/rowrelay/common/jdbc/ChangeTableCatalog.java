package io.rowrelay.common.jdbc;

import io.rowrelay.common.event.Envelope;
import io.rowrelay.common.jdbc.ChangeTable.Column;
import io.rowrelay.common.jdbc.ChangeTable.Form;
import io.rowrelay.common.jdbc.ChangeTable.Text;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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
                   OR a.atttypid = 'numeric'::regtype AND a.atttypmod >= 0 AS small
            FROM judged JOIN pg_catalog.pg_attribute a ON a.attrelid = ?::oid AND a.attnum = judged.attnum
            GROUP BY a.attnum, a.attname, a.atttypid, a.atttypmod ORDER BY a.attnum""";

    private ChangeTableCatalog() {}

    /**
     * Reads the change table of a source table; both names are as in SQL, and one without a schema is found as cdc_capture
     * finds it.
     *
     * @throws TransientFailureException with data at risk when there is no such capture, or one without all of the primary key
     */
    public static ChangeTable read(Connection connection, String sourceTable, String changeTable)
            throws SQLException, TransientFailureException {
        try (PreparedStatement statement =
                connection.prepareStatement("""
                SELECT format('%%I.%%I', t.change_schema, t.change_name), c.oid::bigint, %s
                FROM rowrelay.change_table(to_regclass(?), ?) t JOIN pg_catalog.pg_class c ON c.oid = t.change_oid""".formatted(ChangeTable.definition("c.oid")))) {
            statement.setString(1, sourceTable);
            statement.setString(2, changeTable);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw TransientFailureException.dataAtRisk("the change table " + changeTable
                            + " does not exist in the source database: apply sql/source, or run SELECT cdc_capture('"
                            + sourceTable + "', '" + changeTable + "')");
                }
                List<String> key = keyColumns(connection, sourceTable);
                long oid = row.getLong(2);
                List<Column> columns = columns(connection, oid, key);
                refuseMissing(key, columns, sourceTable, changeTable);
                return new ChangeTable(row.getString(1), oid, row.getLong(3), columns, inOrder(key, columns));
            }
        }
    }

    private static List<Column> columns(Connection connection, long oid, List<String> key) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, oid);
            statement.setLong(2, oid);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString("attname");
                    if (!Envelope.FIELDS.contains(name)) {
                        String quoted = Identifiers.quote(name);
                        columns.add(new Column(
                                quoted,
                                name,
                                form(row, key.contains(quoted)),
                                Text.valueOf(row.getString("text")),
                                row.getBoolean("small"),
                                row.getBoolean("is_string")));
                    }
                }
            }
        }
        return columns;
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
            throws TransientFailureException {
        List<String> missing = key.stream()
                .filter(name ->
                        columns.stream().noneMatch(column -> column.name().equals(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw TransientFailureException.dataAtRisk("the change table " + changeTable + " has no "
                    + String.join(", ", missing) + ", which is in the primary key of " + sourceTable
                    + ": SELECT * FROM cdc_check('" + sourceTable + "', '" + changeTable + "') says what to do");
        }
    }

    private static List<Column> inOrder(List<String> key, List<Column> columns) {
        return key.stream()
                .flatMap(name -> columns.stream().filter(column -> column.name().equals(name)))
                .toList();
    }

    private static List<String> keyColumns(Connection connection, String sourceTable)
            throws SQLException, TransientFailureException {
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
            throw TransientFailureException.dataAtRisk("the source table " + sourceTable
                    + " does not exist or has no primary key: apply sql/source, or check SOURCE_TABLE");
        }
        return key;
    }
}
