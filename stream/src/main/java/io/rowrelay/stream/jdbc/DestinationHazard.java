package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a destination table's definition that acts on replicated rows in this session, so that the table can come to differ
 * from the source.
 *
 * @param kind of what
 * @param text what it is and does
 * @param remedies statements of which each ends it, the best first
 */
public record DestinationHazard(Kind kind, String text, List<String> remedies) {
    /**
     * For the session as it is, by its session_replication_role. Triggers of a partition are its parent's, or its own; what
     * cdc_capture made changes no row.
     */
    private static final String QUERY = """
            WITH session AS (
                SELECT TABLE::oid AS oid, current_setting('session_replication_role') = 'replica' AS replica,
                       CASE WHEN current_setting('server_version_num')::int >= 150000
                            THEN format('GRANT SET ON PARAMETER session_replication_role TO %I;', current_user)
                            ELSE format('ALTER ROLE %I SET session_replication_role = replica;', current_user) END AS permit
            ), relations AS (
                SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.oid = session.oid AS itself, c.relforcerowsecurity, c.relowner
                FROM session, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = session.oid OR c.oid IN (SELECT p.relid FROM pg_partition_tree(session.oid) p)
            ), hazards AS (
                SELECT 'TRIGGER' AS kind, format('trigger %I of %s may change replicated rows', t.tgname, r.name)
                           || CASE WHEN l.lanname NOT IN ('internal', 'c') AND NOT coalesce(f.proconfig::text LIKE '%search_path=%', false)
                              THEN ', and finds nothing outside pg_catalog without its schema: its function sets no search_path'
                              ELSE '' END AS text,
                       t.tgenabled = 'O' AS permits, format('ALTER TABLE %s DISABLE TRIGGER %I;', r.name, t.tgname) AS disable
                FROM relations r JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.oid
                JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid JOIN pg_catalog.pg_language l ON l.oid = f.prolang, session
                WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled = ANY (CASE WHEN replica THEN '{A,R}' ELSE '{A,O}' END::"char"[])
                  AND t.tgname NOT IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate')
                UNION ALL
                SELECT 'TRIGGER', format('rule %I of %s may change replicated rows', w.rulename, r.name),
                       w.ev_enabled = 'O', format('ALTER TABLE %s DISABLE RULE %I;', r.name, w.rulename)
                FROM relations r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid, session
                WHERE r.itself AND w.ev_type IN ('3', '4') AND w.ev_enabled = ANY (CASE WHEN replica THEN '{A,R}' ELSE '{A,O}' END::"char"[])
                UNION ALL
                SELECT 'TRIGGER', format('rule %I of %s keeps every change away, disabled or not', w.rulename, r.name),
                       false, format('DROP RULE %I ON %s;', w.rulename, r.name)
                FROM relations r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid
                WHERE r.itself AND w.ev_type = '2'
                UNION ALL
                SELECT 'ROW_SECURITY', format('row-level security of %s stands against role %I: its policies would hide rows,'
                           ' so the table is not written', r.name, current_user),
                       false, CASE WHEN r.relforcerowsecurity AND pg_has_role(r.relowner, 'USAGE')
                                   THEN format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', r.name)
                                   ELSE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', r.name) END
                FROM relations r
                WHERE r.itself AND row_security_active(r.oid)
                UNION ALL
                SELECT 'CASCADE', format('foreign key %I of %I.%I deletes or changes rows there when rows of %s are deleted or'
                           ' changed, also rows that are newer', k.conname, n.nspname, c.relname, r.name),
                       true, format('ALTER TABLE %I.%I DROP CONSTRAINT %I;', n.nspname, c.relname, k.conname)
                FROM relations r JOIN pg_catalog.pg_constraint k ON k.confrelid = r.oid
                JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, session
                WHERE r.itself AND NOT replica AND k.contype = 'f' AND k.conparentid = 0
                  AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd')))
            SELECT kind, text, CASE WHEN kind = 'ROW_SECURITY' THEN ARRAY[format('ALTER ROLE %I BYPASSRLS;', current_user), disable]
                                    WHEN permits THEN ARRAY[permit, disable] ELSE ARRAY[disable] END
            FROM hazards, session ORDER BY kind, text""".replace("TABLE::oid", RolePath.table("?") + "::oid");

    public DestinationHazard {
        remedies = List.copyOf(remedies);
    }

    /** What there can be. */
    public enum Kind {
        /** A trigger or a rewrite rule. */
        TRIGGER,
        /** A policy that would hide rows from the role. */
        ROW_SECURITY,
        /** A foreign key's action on other rows. */
        CASCADE
    }

    /** Reads them for this session, after {@link ReplicaRole#take}; {@code table} is its name as in SQL. */
    public static List<DestinationHazard> read(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, table);
            List<DestinationHazard> hazards = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String[] remedies = (String[]) row.getArray(3).getArray();
                    hazards.add(new DestinationHazard(
                            Kind.valueOf(row.getString(1)), row.getString(2), Arrays.asList(remedies)));
                }
            }
            return hazards;
        }
    }

    /** In one line: what it is, and what ends it. */
    public String line() {
        return text + "; run " + String.join(" or ", remedies).replace(";", "");
    }
}
