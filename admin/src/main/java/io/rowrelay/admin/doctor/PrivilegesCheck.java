package io.rowrelay.admin.doctor;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.jdbc.TableRights;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the daemons' roles may do what the daemons do. */
final class PrivilegesCheck {
    static final Problem SOURCE_PRIVILEGE = Problem.problem(
            "source-privilege",
            "The producer's role lacks a right. The producer waits, or cannot remove old rows.",
            Need.CHANGES,
            Need.PUBLISHABLE);

    static final Problem DESTINATION_PRIVILEGE = Problem.problem(
            "destination-privilege", "The consumer's role lacks a right in the destination: the consumer waits.");

    private static final String BESIDES_TABLES = """
            SELECT concat_ws(', ',
                CASE WHEN NOT has_schema_privilege(r, c.relnamespace, 'USAGE') THEN 'USAGE of the schema' END,
                CASE WHEN NOT has_schema_privilege(r, 'rowrelay', 'USAGE') THEN 'USAGE of the schema rowrelay' END,
                CASE WHEN NOT has_sequence_privilege(r, rowrelay.action_id_sequence(c.oid), 'SELECT, USAGE')
                    THEN 'SELECT on the sequence of the change table' END,
                CASE WHEN EXISTS (
                        SELECT FROM pg_catalog.pg_proc p
                        WHERE (p.pronamespace = 'rowrelay'::regnamespace OR p.pronamespace = s.relnamespace AND p.proname = 'cdc_check')
                        AND NOT has_function_privilege(r, p.oid, 'EXECUTE'))
                    THEN 'EXECUTE on cdc_check and what it calls' END)
            FROM (VALUES (?::name, %s)) asked(r, t) JOIN pg_catalog.pg_class c ON c.oid = asked.t
            JOIN pg_catalog.pg_class s ON s.oid = %s""".formatted(RolePath.table("?"), RolePath.table("'cdc_offset'"));

    private static final String FUNCTIONS = """
            SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_proc f WHERE f.pronamespace = 'rowrelay'::regnamespace
                                     AND NOT has_function_privilege(f.oid, 'EXECUTE'))
                   THEN 'EXECUTE on functions of the schema rowrelay' ELSE '' END""";

    private PrivilegesCheck() {}

    /** The role of the settings, and that of the active producer. */
    static final Check PRODUCER = Check.ofSource(
            "producer-privileges",
            Subject.PRODUCER,
            Set.of(Need.CAPTURE),
            List.of(SOURCE_PRIVILEGE),
            PrivilegesCheck::producer);

    /** The role of the settings. */
    static final Check CONSUMER = Check.ofDestination(
            "consumer-privileges",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_TABLE),
            List.of(DESTINATION_PRIVILEGE),
            PrivilegesCheck::consumer);

    private static List<CheckResult> producer(Connection connection, CheckContext context)
            throws SQLException, OutageException {
        String own = currentUser(connection);
        Set<String> roles = new LinkedHashSet<>(List.of(own));
        Optional<StreamLock.Holder> active =
                StreamLock.ofProducer(context.stream()).holder(connection);
        active.ifPresent(held -> roles.add(held.role()));
        String table = context.changeTable(connection).name();
        List<CheckResult> results = new ArrayList<>();
        for (String role : roles) {
            String lacks = joined(
                    TableRights.ofProducer(List.of(table)).missing(connection, role),
                    Query.first(connection, BESIDES_TABLES, row -> row.getString(1), role, table)
                            .orElse(""));
            if (!lacks.isEmpty()) {
                results.add(CheckResult.found(
                        SOURCE_PRIVILEGE,
                        "role " + role + " lacks " + lacks,
                        role.equals(own) || active.isEmpty()
                                ? Remedy.inSource(grant(table, role))
                                : Remedy.byHand(
                                        "look at " + active.get() + ", which holds the stream's lock: where it is"
                                                + " your producer, " + grant(table, role)
                                                + " where it is not, SELECT pg_terminate_backend("
                                                + active.get().pid() + ");")));
            }
        }
        return CheckResult.orOk(results, "role " + String.join(" and ", roles) + " may publish and remove changes");
    }

    private static String grant(String table, String role) {
        return "SELECT cdc_grant(" + Identifiers.literal(table) + ", " + Identifiers.literal(role) + ");";
    }

    private static List<CheckResult> consumer(Connection connection, CheckContext context) throws SQLException {
        String role = currentUser(connection);
        String lacks = joined(
                TableRights.ofConsumer(context.destinationTable()).missing(connection, role),
                Query.one(connection, FUNCTIONS, row -> row.getString(1)));
        return lacks.isEmpty()
                ? List.of(CheckResult.ok("role " + role + " may apply changes"))
                : List.of(CheckResult.found(
                        DESTINATION_PRIVILEGE,
                        "role " + role + " lacks " + lacks,
                        Remedy.inDestination("SELECT cdc_grant_destination("
                                + Identifiers.literal(context.destinationTable()) + ", "
                                + Identifiers.literal(role)
                                + ");")));
    }

    private static String currentUser(Connection connection) throws SQLException {
        return Query.one(connection, "SELECT current_user", row -> row.getString(1));
    }

    private static String joined(String... lacks) {
        return Stream.of(lacks).filter(each -> !each.isEmpty()).collect(Collectors.joining(", "));
    }
}
