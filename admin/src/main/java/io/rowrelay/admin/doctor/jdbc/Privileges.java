package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether the daemons' roles may do what the daemons do. */
final class Privileges {
    private Privileges() {}

    /** The role of the settings, and that of the active producer. */
    static Check producer(Database source, StreamNames names) {
        return new SqlCheck(
                "producer-privileges",
                Subject.PRODUCER,
                Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS, Need.CAPTURE),
                source,
                connection -> producer(connection, names));
    }

    private static List<Finding> producer(Connection connection, StreamNames names)
            throws SQLException, OutageException {
        Set<String> roles = new LinkedHashSet<>(currentUser(connection));
        StreamLock.holder(connection, names.stream()).ifPresent(held -> roles.add(held.role()));
        String table = ChangeTableCatalog.read(connection, names.sourceTable(), names.changeTable())
                .name();
        List<Finding> findings = new ArrayList<>();
        for (String role : roles) {
            String lacks = lacks(connection, """
                    SELECT concat_ws(', ',
                        CASE WHEN NOT has_schema_privilege(r, c.relnamespace, 'USAGE') THEN 'USAGE of the schema' END,
                        CASE WHEN NOT has_table_privilege(r, c.oid, 'SELECT') THEN 'SELECT on the change table' END,
                        CASE WHEN NOT has_table_privilege(r, c.oid, 'DELETE') THEN 'DELETE on the change table' END,
                        CASE WHEN NOT has_column_privilege(r, c.oid, 'changed_at', 'UPDATE')
                            THEN 'UPDATE (changed_at) on the change table' END,
                        CASE WHEN NOT has_sequence_privilege(r, rowrelay.action_id_sequence(c.oid), 'SELECT, USAGE')
                            THEN 'SELECT on its sequence' END,
                        CASE WHEN NOT has_function_privilege(r, 'cdc_check(text, text)', 'EXECUTE') OR EXISTS (
                                SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'rowrelay'::regnamespace
                                AND NOT has_function_privilege(r, p.oid, 'EXECUTE'))
                            THEN 'EXECUTE on cdc_check and what it calls' END,
                        CASE WHEN NOT has_table_privilege(r, 'cdc_offset', 'SELECT') THEN 'SELECT on cdc_offset' END,
                        CASE WHEN NOT has_table_privilege(r, 'cdc_offset', 'INSERT') THEN 'INSERT on cdc_offset' END,
                        CASE WHEN NOT has_table_privilege(r, 'cdc_offset', 'UPDATE') THEN 'UPDATE on cdc_offset' END,
                        CASE WHEN NOT has_table_privilege(r, 'cdc_published', 'INSERT') THEN 'INSERT on cdc_published' END,
                        CASE WHEN NOT has_table_privilege(r, 'cdc_published', 'DELETE') THEN 'DELETE on cdc_published' END)
                    FROM (VALUES (?::name, to_regclass(?))) asked(r, t) JOIN pg_catalog.pg_class c ON c.oid = asked.t""", role, table);
            if (!lacks.isEmpty()) {
                findings.add(Finding.ill(
                        Ailment.SOURCE_PRIVILEGE,
                        "role " + role + " lacks " + lacks,
                        Remedy.inSource("SELECT cdc_grant(" + StreamNames.literal(table) + ", "
                                + StreamNames.literal(role) + ");")));
            }
        }
        return Rows.orSound(findings, "role " + String.join(" and ", roles) + " may publish and remove changes");
    }

    /** The role of the settings. */
    static Check consumer(Database destination, StreamNames names) {
        return new SqlCheck(
                "consumer-privileges",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION_SCRIPTS, Need.DESTINATION_TABLE),
                destination,
                connection -> consumer(connection, names));
    }

    private static List<Finding> consumer(Connection connection, StreamNames names) throws SQLException {
        String role = String.join("", currentUser(connection));
        String lacks = lacks(connection, """
                SELECT string_agg(p.privilege || ' on ' || t.name, ', ' ORDER BY t.place, p.place)
                FROM unnest(ARRAY[?, 'cdc_tombstone', 'cdc_progress']) WITH ORDINALITY t(name, place)
                CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) WITH ORDINALITY p(privilege, place)
                WHERE NOT has_table_privilege(current_user, to_regclass(t.name), p.privilege)""", names.destinationTable());
        return lacks.isEmpty()
                ? List.of(Finding.sound("role " + role + " may apply changes"))
                : List.of(Finding.ill(
                        Ailment.DESTINATION_PRIVILEGE,
                        "role " + role + " lacks " + lacks,
                        Remedy.inDestination("SELECT cdc_grant_destination("
                                + StreamNames.literal(names.destinationTable()) + ", " + StreamNames.literal(role)
                                + ");")));
    }

    private static List<String> currentUser(Connection connection) throws SQLException {
        return Rows.of(connection, "SELECT current_user", row -> row.getString(1));
    }

    private static String lacks(Connection connection, String sql, Object... parameters) throws SQLException {
        List<String> lacking = Rows.of(
                connection,
                sql,
                row -> {
                    String names = row.getString(1);
                    return names == null ? "" : names;
                },
                parameters);
        return String.join(", ", lacking);
    }
}
