package io.rowrelay.producer.jdbc;

import io.rowrelay.common.event.Envelope;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads from the catalog what the statements need to know of a change table. */
final class ChangeTableCatalog {
    /** Types whose JSON form is their text form, with or without quotes around it. */
    private static final Set<String> PLAIN_TYPES = Set.of("int2", "int4", "int8", "numeric", "text", "varchar", "uuid");

    private ChangeTableCatalog() {}

    static ChangeTable read(Connection connection, String sourceTable, String changeTable)
            throws SQLException, TransientFailureException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT format('%I.%I', t.change_schema, t.change_name), t.change_oid::oid::bigint, c.relnatts
                FROM rowrelay.change_table(to_regclass(?), ?) t JOIN pg_catalog.pg_class c ON c.oid = t.change_oid""")) {
            statement.setString(1, sourceTable);
            statement.setString(2, changeTable);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw TransientFailureException.dataAtRisk("the change table " + changeTable
                            + " does not exist in the source database: apply sql/source, or run SELECT cdc_capture('"
                            + sourceTable + "', '" + changeTable + "')");
                }
                long oid = row.getLong(2);
                return new ChangeTable(
                        row.getString(1), oid, row.getInt(3), columns(connection, oid), key(connection, sourceTable));
            }
        }
    }

    private static List<String> columns(Connection connection, long oid) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT attname FROM pg_catalog.pg_attribute
                WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum""")) {
            statement.setLong(1, oid);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    if (!Envelope.FIELDS.contains(name)) {
                        columns.add(Identifiers.quote(name));
                    }
                }
            }
        }
        return columns;
    }

    private static List<ChangeTable.KeyColumn> key(Connection connection, String sourceTable)
            throws SQLException, TransientFailureException {
        List<ChangeTable.KeyColumn> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT a.attname, t.typname
                FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                WHERE i.indrelid = to_regclass(?) AND i.indisprimary AND k.place <= i.indnkeyatts
                ORDER BY k.place""")) {
            statement.setString(1, sourceTable);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    key.add(new ChangeTable.KeyColumn(
                            Identifiers.quote(row.getString(1)), PLAIN_TYPES.contains(row.getString(2))));
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
