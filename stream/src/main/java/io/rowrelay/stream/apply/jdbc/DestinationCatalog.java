package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.DestinationTable.Shape;
import io.rowrelay.stream.record.ColumnNames;
import io.rowrelay.stream.table.jdbc.FenceColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reads from the catalog what the statements need to know of a destination table. */
public final class DestinationCatalog {
    /**
     * Casting a text to one of them, without length or precision, reads it as the type's input does; the write then rejects what
     * is too long. Not so with domains, interval (its fields change what a bare number means) and xml.
     */
    private static final String[] PLAIN_TYPES = {
        "bool",
        "int2",
        "int4",
        "int8",
        "float4",
        "float8",
        "numeric",
        "text",
        "varchar",
        "bpchar",
        "date",
        "time",
        "timetz",
        "timestamp",
        "timestamptz",
        "uuid",
        "bytea"
    };

    /**
     * What the statements hang on, for one look into an index: whatever alters a column writes its row in the catalog anew, in a
     * transaction of its own, and a table in the place of another has another oid. A session that has another role in replication
     * meets other triggers. A key that is altered makes the statements fail.
     */
    private static final String FINGERPRINT =
            "SELECT concat_ws(' ', f.attrelid, current_setting('session_replication_role'),"
                    + " array_agg(f.xmin)) FROM pg_catalog.pg_attribute f WHERE f.attnum > 0 AND f.attrelid = ";

    /** The fingerprint as it is now, by the table's name; nothing where the table is gone. */
    static final String FINGERPRINT_NOW = FINGERPRINT + "to_regclass(?) GROUP BY f.attrelid";

    private DestinationCatalog() {}

    /** Reads it as it is now; {@code stream} is the one that writes it. */
    public static DestinationTable read(Connection connection, String table, String stream)
            throws SQLException, OutageException {
        DestinationTable found = definition(connection, table);
        if (!found.marked() && !FenceColumn.isOf(connection, table, stream)) {
            throw missing("nothing says that the column action_id of the destination table " + table
                    + " is the consumer's, and not the table's own: run sql/destination/*.sql, then SELECT cdc_destination('"
                    + table + "'); the consumer goes on by itself");
        }
        return found;
    }

    private static DestinationTable definition(Connection connection, String table)
            throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(
                """
                SELECT format('%I.%I', n.nspname, c.relname), a.attname, format_type(a.atttypid, a.atttypmod),
                       a.attgenerated <> '', coalesce(array_position(i.indkey::int2[], a.attnum), -1), i.indnkeyatts,
                       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.condeferrable),
                       EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace
                               WHERE s.nspname = 'rowrelay' AND p.proname = 'refused_records'
                                 AND has_schema_privilege(s.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')),
                       CASE WHEN t.typtype = 'e' OR (t.typnamespace = 'pg_catalog'::regnamespace AND t.typname = ANY (?))
                            THEN format_type(t.oid, -1) END,
                       EXISTS (SELECT FROM pg_catalog.pg_index o
                               WHERE o.indrelid = to_regclass('cdc_tombstone') AND o.indisvalid AND o.indpred IS NULL
                                 AND o.indcollation[0] = '"C"'::regcollation
                                 AND pg_get_indexdef(o.indexrelid, 1, false) = 'stream'
                                 AND pg_get_indexdef(o.indexrelid, 2, false) = 'action_id'),
                       (SELECT format('OPERATOR(%I.%s)', s.nspname, o.oprname)
                        FROM unnest(i.indkey::int2[], i.indclass::oid[]) k(attnum, opclass)
                        JOIN pg_catalog.pg_opclass oc ON oc.oid = k.opclass
                        JOIN pg_catalog.pg_amop m ON m.amopfamily = oc.opcfamily AND m.amopstrategy = 3
                             AND m.amoplefttype = oc.opcintype AND m.amoprighttype = oc.opcintype
                        JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
                        JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace
                        WHERE k.attnum = a.attnum),
                       (WITH RECURSIVE made(type, of) AS (
                            SELECT t.oid, t.typbasetype
                            UNION ALL
                            SELECT b.oid, b.typbasetype FROM made d JOIN pg_catalog.pg_type b ON b.oid = d.of)
                        SELECT CASE WHEN b.typrelid <> 0 OR EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = b.oid)
                                    THEN 'NESTED'
                                    WHEN b.oid = 'pg_catalog.json'::regtype THEN 'JSON'
                                    WHEN b.oid = 'pg_catalog.jsonb'::regtype THEN 'JSONB' ELSE 'SCALAR' END
                        FROM made JOIN pg_catalog.pg_type b ON b.oid = made.type WHERE made.of = 0),
                """ + FenceColumn.rank("a") + ", a.attidentity = 'a', (" + FINGERPRINT + """
                       c.oid GROUP BY f.attrelid)
                FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
                WHERE c.oid = to_regclass(?) ORDER BY a.attnum""")) {
            statement.setArray(1, connection.createArrayOf("text", PLAIN_TYPES));
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                return read(table, row);
            }
        }
    }

    private static DestinationTable read(String table, ResultSet row) throws SQLException, OutageException {
        String fingerprint = "";
        String name = "";
        String fence = "";
        int rank = 0;
        boolean deferrable = false;
        boolean probed = false;
        boolean tombstonesInOrder = false;
        List<DestinationTable.Column> columns = new ArrayList<>();
        // Positions in an int2vector count from 0.
        String[] key = new String[32];
        while (row.next()) {
            fingerprint = row.getString(15);
            name = row.getString(1);
            deferrable = row.getBoolean(7);
            probed = row.getBoolean(8);
            tombstonesInOrder = row.getBoolean(10);
            String column = row.getString(2);
            if (row.getInt(13) > rank) {
                rank = row.getInt(13);
                fence = column;
            }
            columns.add(new DestinationTable.Column(
                    column,
                    ColumnNames.inRecord(column),
                    row.getString(3),
                    row.getBoolean(4),
                    row.getBoolean(14),
                    row.getString(11),
                    Shape.valueOf(row.getString(12)),
                    row.getString(9)));
            if (row.getInt(5) >= 0 && row.getInt(5) < row.getInt(6)) {
                key[row.getInt(5)] = column;
            }
        }
        if (columns.isEmpty()) {
            throw missing("the destination table " + table + " does not exist: apply sql/destination, or check"
                    + " DESTINATION_TABLE");
        }
        List<String> keyColumns = Arrays.stream(key).filter(Objects::nonNull).toList();
        if (rank == 0 || keyColumns.isEmpty()) {
            throw missing("the destination table " + table + " has no "
                    + (rank > 0 ? "primary key" : "column action_id, nor one that stands for it")
                    + ": run SELECT cdc_destination('" + table + "')");
        }
        String fenceColumn = fence;
        columns.removeIf(column -> column.name().equals(fenceColumn));
        return new DestinationTable(
                fingerprint,
                name,
                columns,
                keyColumns,
                fence,
                rank == FenceColumn.MARKED,
                deferrable,
                probed,
                tombstonesInOrder);
    }

    private static OutageException missing(String message) {
        return new OutageException(message, null);
    }
}
