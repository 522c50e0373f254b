package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a daemon's role must be allowed to do with tables: what cdc_grant or cdc_grant_destination grants, but on cdc_writer, which
 * a consumer can do without. A daemon asks for it at its start, since the first statement that needs a right may come a day later.
 */
public final class TableRights {
    private static final String LACKS = """
            SELECT coalesce(string_agg(p.privilege || ' on ' || needed.name, ', ' ORDER BY needed.place, p.place), '')
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY needed(name, privileges, place)
            CROSS JOIN unnest(string_to_array(needed.privileges, ', ')) WITH ORDINALITY p(privilege, place)
            CROSS JOIN (VALUES (?::name)) asked(role)
            CROSS JOIN LATERAL (SELECT NAMED::oid) found(oid)
            CROSS JOIN LATERAL (SELECT substring(p.privilege FROM '\\((.*)\\)')) part(col)
            WHERE NOT CASE WHEN part.col IS NOT NULL THEN has_column_privilege(asked.role, found.oid, part.col, 'UPDATE')
                           ELSE has_table_privilege(asked.role, found.oid, p.privilege) END""".replace("NAMED", RolePath.table("needed.name"));

    private final String grant;
    private final Map<String, String> needed = new LinkedHashMap<>();

    private TableRights(String grant) {
        this.grant = grant;
    }

    /** Those of a producer, with the names of its change tables. */
    public static TableRights ofProducer(List<String> changeTables) {
        TableRights rights = new TableRights("cdc_grant");
        rights.needed.put("cdc_offset", "SELECT, INSERT, UPDATE, DELETE");
        rights.needed.put("cdc_published", "SELECT, INSERT, DELETE");
        changeTables.forEach(table -> rights.needed.put(table, "SELECT, DELETE, UPDATE (changed_at)"));
        return rights;
    }

    /** Those of a consumer that writes a table. */
    public static TableRights ofConsumer(String destinationTable) {
        TableRights rights = new TableRights("cdc_grant_destination");
        for (String table : List.of(destinationTable, "cdc_tombstone", "cdc_progress", "cdc_key_lock")) {
            rights.needed.put(table, "SELECT, INSERT, UPDATE, DELETE");
        }
        rights.needed.put("cdc_dead_letter", "SELECT");
        rights.needed.put("cdc_dead_letter_seen", "SELECT, INSERT, UPDATE");
        return rights;
    }

    /** Returns those that a role lacks, separated by commas. What the session does not find is not missed here. */
    public String missing(Connection connection, String role) throws SQLException {
        return Query.one(
                connection,
                LACKS,
                row -> row.getString(1),
                needed.keySet().toArray(String[]::new),
                needed.values().toArray(String[]::new),
                role);
    }

    /** Fails when the session's role lacks any of them. */
    public void require(Connection connection) throws SQLException, OutageException {
        String role = Query.one(connection, "SELECT current_user", row -> row.getString(1));
        String missing = missing(connection, role);
        if (!missing.isEmpty()) {
            throw new OutageException(
                    "role " + role + " lacks " + missing + ": run SELECT " + grant
                            + " for it, as the owner of the tables",
                    null);
        }
    }
}
