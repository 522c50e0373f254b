package io.rowrelay.admin.uninstall;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.uninstall.Installation.Plan;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.ValueOrigin;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the source has of a stream: capture, change table and checkpoint; with the last stream the tables and functions, too. */
final class SourceContents {
    private static final List<String> TABLES = List.of("cdc_offset", "cdc_backfill", "cdc_published");

    /** Where cdc_capture puts the change table: an unqualified name means the schema of the source table. */
    private static final String CHANGE_TABLE = """
            WITH named AS (SELECT parse_ident(?) AS part), change AS (
                SELECT coalesce(s.nspname, 'public') AS schema, part[cardinality(part)] AS name
                FROM named LEFT JOIN pg_catalog.pg_namespace s ON CASE WHEN cardinality(part) > 1 THEN s.nspname = part[1]
                    ELSE s.oid = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = NAMED) END
            ), functions AS (
                SELECT p.oid FROM change JOIN pg_catalog.pg_namespace n ON n.nspname = change.schema
                JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid AND p.prorettype = 'trigger'::regtype AND p.prosecdef
                    AND p.proname = ANY (ARRAY(SELECT change.name || '_' || e FROM unnest('{insert,update,delete,truncate}'::text[]) e))
            )
            """.replace("NAMED", RolePath.table("?"));

    /** On whatever table, under whatever name: a renamed table has its triggers still. */
    private static final String CAPTURE = CHANGE_TABLE + """
            SELECT format('DROP TRIGGER %I ON %I.%I', t.tgname, n.nspname, c.relname)
            FROM pg_catalog.pg_trigger t JOIN functions f ON f.oid = t.tgfoid
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT t.tgisinternal AND t.tgparentid = 0
            UNION ALL
            SELECT format('DROP FUNCTION %I.%I()', n.nspname, p.proname)
            FROM functions f JOIN pg_catalog.pg_proc p ON p.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            """;

    private static final String NAME = CHANGE_TABLE + "SELECT format('%I.%I', change.schema, change.name) FROM change";

    private static final String OTHERS = CHANGE_TABLE + """
            SELECT DISTINCT t.tgrelid::regclass::text FROM pg_catalog.pg_trigger t
            WHERE t.tgname IN ('cdc_insert', 'cdc_update', 'cdc_delete', 'cdc_truncate') AND NOT t.tgisinternal
              AND t.tgfoid NOT IN (SELECT oid FROM functions)""";

    private static final String STREAM_TABLES = """
            SELECT coalesce((SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
                             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = t.source_table), ''),
                   format('%I.%I', n.nspname, c.relname)
            FROM rowrelay.stream_table t JOIN pg_catalog.pg_class c ON c.oid = t.change_table
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE t.stream = ? ORDER BY 1""";

    /** Its change tables are gone by then, whose action_ids the sequence gives. */
    private static final String REGISTRY = """
            SELECT unnest(ARRAY[format('DELETE FROM rowrelay.stream_table WHERE stream = %L', s.name),
                                format('DELETE FROM rowrelay.stream WHERE name = %L', s.name),
                                format('DROP SEQUENCE %s', s.action_ids)])
            FROM rowrelay.stream s WHERE s.name = ?""";

    /**
     * A captured table, and where its changes are.
     *
     * @param table as in SQL; empty when it has been dropped
     * @param changeTable as in SQL
     */
    private record Captured(String table, String changeTable) {}

    private SourceContents() {}

    static Plan read(Connection connection, AdminSettings settings) throws SQLException {
        String stream = settings.stream().name();
        List<String> registry = ofRegistry(connection, REGISTRY, row -> row.getString(1), stream);
        List<Captured> tables = registry.isEmpty()
                ? List.of(new Captured(settings.sourceTable(), settings.changeTable()))
                : ofRegistry(
                        connection, STREAM_TABLES, row -> new Captured(row.getString(1), row.getString(2)), stream);
        List<String> statements = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (Captured captured : tables) {
            List<String> removal = removal(connection, captured);
            if (!removal.isEmpty()) {
                statements.addAll(removal);
                remarks.add("changes of " + captured.table() + " are captured no more; what " + captured.changeTable()
                        + " holds is dropped");
            }
        }
        boolean installed = Installation.exists(connection, "cdc_offset");
        boolean last = installed && isLast(connection, stream, tables);
        if (last && Installation.exists(connection, "cdc_progress")) {
            remarks.add("the functions stay: this database is a destination as well");
            last = false;
        }
        if (last) {
            statements.addAll(
                    Installation.everything(connection, "cdc_offset", "'{" + String.join(",", TABLES) + "}'"));
        } else {
            statements.addAll(registry);
            if (installed) {
                statements.addAll(Installation.rowsOf(connection, stream, TABLES));
            }
        }
        return new Plan(
                statements, remarks, Installation.daemons(connection, "rowrelay-producer-" + stream, "cdc_offset"));
    }

    /**
     * Nothing where there is no list of streams of several tables, as in an older installation, or the role may not see it: then it
     * may remove nothing either.
     */
    private static <T> List<T> ofRegistry(Connection connection, String sql, Query.Reader<T> reader, String stream)
            throws SQLException {
        boolean readable = Installation.exists(connection, "rowrelay.stream")
                && Query.one(
                        connection,
                        "SELECT has_table_privilege('rowrelay.stream', 'SELECT')"
                                + " AND has_table_privilege('rowrelay.stream_table', 'SELECT')",
                        row -> row.getBoolean(1));
        return readable ? Query.list(connection, sql, reader, stream) : List.of();
    }

    private static List<String> removal(Connection connection, Captured captured) throws SQLException {
        List<String> statements =
                new ArrayList<>(Installation.texts(connection, CAPTURE, captured.changeTable(), captured.table()));
        for (String name : Installation.texts(connection, NAME, captured.changeTable(), captured.table())) {
            TableCatalog.find(connection, name)
                    .filter(SourceContents::isChangeTable)
                    .ifPresent(changes -> statements.add("DROP TABLE " + changes.sqlName()));
        }
        return statements;
    }

    /** Whether neither another stream nor another captured table needs the functions. */
    private static boolean isLast(Connection connection, String stream, List<Captured> tables) throws SQLException {
        List<String> streams = new ArrayList<>(
                Installation.texts(connection, "SELECT stream FROM {cdc_offset} WHERE stream <> ?", stream));
        streams.addAll(ofRegistry(
                connection, "SELECT name FROM rowrelay.stream WHERE name <> ?", row -> row.getString(1), stream));
        if (!streams.isEmpty() || tables.isEmpty()) {
            return streams.isEmpty();
        }
        Set<String> others = new HashSet<>(otherCaptured(connection, tables.get(0)));
        for (Captured captured : tables) {
            others.retainAll(otherCaptured(connection, captured));
        }
        return others.isEmpty();
    }

    private static List<String> otherCaptured(Connection connection, Captured captured) throws SQLException {
        return Installation.texts(connection, OTHERS, captured.changeTable(), captured.table());
    }

    /** A table of the name that is none is somebody else's. */
    private static boolean isChangeTable(Table table) {
        boolean numbered = table.column("action_id")
                .filter(column -> column.origin() == ValueOrigin.IDENTITY_ALWAYS
                        || column.origin() == ValueOrigin.IDENTITY_BY_DEFAULT
                        || column.origin() == ValueOrigin.DEFAULT)
                .isPresent();
        return numbered
                && table.column("xid")
                        .filter(column -> column.type().declared().equals("xid8"))
                        .isPresent();
    }
}
