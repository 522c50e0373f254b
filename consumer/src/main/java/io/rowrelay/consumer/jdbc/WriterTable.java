package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table cdc_writer, in which each consumer notes which tables its stream writes. */
public final class WriterTable {
    private static final Logger LOG = LoggerFactory.getLogger(WriterTable.class);

    private static final String MAY_REGISTER = """
            SELECT coalesce(bool_and(has_table_privilege(w.oid, p.privilege)), false)
            FROM pg_catalog.pg_class w CROSS JOIN unnest('{SELECT,INSERT,UPDATE}'::text[]) p(privilege)
            WHERE w.oid =\s""" + RolePath.table("'cdc_writer'");

    /** A table that is not there yet is noted as it is called. */
    private static final String REGISTER = """
            INSERT INTO {cdc_writer} (stream, destination_table)
            SELECT ?, coalesce((SELECT format('%I.%I', n.nspname, c.relname)
                                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                                WHERE c.oid = NAMED), ?)
            ON CONFLICT (stream, destination_table) DO UPDATE SET begun_at = clock_timestamp()""".replace("NAMED", RolePath.table("?"));

    private WriterTable() {}

    /** Notes it. Without the right to write there no change is missed: the commands then ask before they delete. */
    public static void note(Connection connection, String stream, String table) throws SQLException {
        if (Query.one(connection, MAY_REGISTER, row -> row.getBoolean(1))) {
            Query.update(connection, REGISTER, stream, table, table);
        } else {
            LOG.warn(
                    "the role may not write cdc_writer, so the destination does not know which stream writes the table,"
                            + " and commands ask before they delete rows: run cdc_grant_destination table={}",
                    table);
        }
    }
}
