package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.table.jdbc.FenceColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads from the catalog what the statements need to know of a table's primary key. */
public final class KeyCatalog {
    /**
     * Types whose values are in the same order everywhere; text only where the order is that of its bytes, as with all
     * collations that are built in (b): what a locale's order is depends on the machine and changes with its releases.
     */
    private static final String ORDER = """
            CASE WHEN coalesce(nullif(t.typbasetype, 0), a.atttypid) = ANY (
                     '{int2,int4,int8,oid,numeric,float4,float8,bool,uuid,date,time,timetz,timestamp,timestamptz,interval,
                       bytea,inet,cidr,macaddr,macaddr8,bit,varbit,money,pg_lsn}'::regtype[])
                 THEN coalesce(nullif(t.typbasetype, 0), a.atttypid)::regtype::text
                 WHEN coalesce(nullif(t.typbasetype, 0), a.atttypid) = ANY ('{text,varchar,bpchar,name}'::regtype[])
                  AND EXISTS (SELECT FROM pg_catalog.pg_collation cl
                              JOIN pg_catalog.pg_database d ON d.datname = current_database()
                              WHERE cl.oid = a.attcollation
                                AND (cl.collname IN ('C', 'POSIX') OR cl.collprovider = 'b'
                                     OR cl.collname = 'default'
                                        AND CASE coalesce(to_jsonb(d) ->> 'datlocprovider', 'c')
                                            WHEN 'b' THEN true WHEN 'c' THEN d.datcollate IN ('C', 'POSIX') ELSE false END))
                 THEN 'bytes of ' || coalesce(nullif(t.typbasetype, 0), a.atttypid)::regtype::text || getdatabaseencoding()
                 ELSE '' END""";

    private static final String KEY = """
            SELECT format('%I.%I', n.nspname, c.relname), greatest(c.reltuples, 0)::bigint, a.attname,
                   format_type(a.atttypid, -1),
                   max(o.named) FILTER (WHERE o.strategy = 3), max(o.named) FILTER (WHERE o.strategy = 5),
                   max(o.named) FILTER (WHERE o.strategy = 4),
                   max(o.named) FILTER (WHERE o.strategy = 1), max(o.named) FILTER (WHERE o.strategy = 2),
                   ORDER_OF_VALUES
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
            CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY k(attnum, opclass, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_opclass oc ON oc.oid = k.opclass
            JOIN LATERAL (
                SELECT m.amopstrategy, format('OPERATOR(%I.%s)', s.nspname, p.oprname)
                FROM pg_catalog.pg_amop m JOIN pg_catalog.pg_operator p ON p.oid = m.amopopr
                JOIN pg_catalog.pg_namespace s ON s.oid = p.oprnamespace
                WHERE m.amopfamily = oc.opcfamily AND m.amoplefttype = oc.opcintype AND m.amoprighttype = oc.opcintype
            ) o(strategy, named) ON true
            WHERE c.oid = to_regclass(?) AND k.place <= i.indnkeyatts
            GROUP BY n.nspname, c.relname, c.reltuples, a.attname, a.atttypid, a.attcollation, t.typbasetype, k.place
            ORDER BY k.place""".replace("ORDER_OF_VALUES", ORDER);

    private KeyCatalog() {}

    /** Where there is none, the database says what is missing when it is asked for. */
    private static String fence(Connection connection, String table) throws SQLException {
        return Identifiers.quote(FenceColumn.find(connection, table).orElse(FenceColumn.USUAL_NAME));
    }

    /** Reads a table by its name as in SQL. */
    public static KeyedTable read(Connection connection, String table) throws SQLException {
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
                            row.getString(7),
                            row.getString(8),
                            row.getString(9),
                            row.getString(10)));
                }
                if (key.isEmpty()) {
                    throw new CommandFailedException("there is no table " + table + " with a primary key in "
                            + connection.getCatalog() + ": check SOURCE_TABLE and DESTINATION_TABLE");
                }
                return new KeyedTable(name, key, fence(connection, table), expected);
            }
        }
    }
}
