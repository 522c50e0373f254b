package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.Identifiers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads from the catalog what the statements need to know of a table's primary key. */
final class KeyCatalog {
    private static final String KEY = """
            SELECT format('%I.%I', n.nspname, c.relname), greatest(c.reltuples, 0)::bigint, a.attname,
                   format_type(a.atttypid, -1),
                   max(o.named) FILTER (WHERE o.strategy = 3), max(o.named) FILTER (WHERE o.strategy = 5),
                   max(o.named) FILTER (WHERE o.strategy = 4)
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
            CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY k(attnum, opclass, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            JOIN pg_catalog.pg_opclass oc ON oc.oid = k.opclass
            JOIN LATERAL (
                SELECT m.amopstrategy, format('OPERATOR(%I.%s)', s.nspname, p.oprname)
                FROM pg_catalog.pg_amop m JOIN pg_catalog.pg_operator p ON p.oid = m.amopopr
                JOIN pg_catalog.pg_namespace s ON s.oid = p.oprnamespace
                WHERE m.amopfamily = oc.opcfamily AND m.amoplefttype = oc.opcintype AND m.amoprighttype = oc.opcintype
            ) o(strategy, named) ON true
            WHERE c.oid = to_regclass(?) AND k.place <= i.indnkeyatts
            GROUP BY n.nspname, c.relname, c.reltuples, a.attname, a.atttypid, k.place ORDER BY k.place""";

    private KeyCatalog() {}

    /** For a table that was never analysed. */
    private static long count(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + name)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Reads a table by its name as in SQL. */
    static KeyedTable read(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEY)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                String name = "";
                long expected = 0;
                List<KeyedTable.Column> key = new ArrayList<>();
                while (row.next()) {
                    name = row.getString(1);
                    expected = row.getLong(2);
                    key.add(new KeyedTable.Column(
                            Identifiers.quote(row.getString(3)),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7)));
                }
                if (key.isEmpty()) {
                    throw new CommandFailedException("there is no table " + table + " with a primary key in "
                            + connection.getCatalog() + ": check SOURCE_TABLE and DESTINATION_TABLE");
                }
                return new KeyedTable(name, key, expected > 0 ? expected : count(connection, name));
            }
        }
    }
}
