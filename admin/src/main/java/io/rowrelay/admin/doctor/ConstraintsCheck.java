package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ReplicaRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Constraints of the destination table that can reject what the source accepted. */
final class ConstraintsCheck {
    static final Problem DESTINATION_CONSTRAINT = Problem.warning(
            "destination-constraint",
            "Changes of different keys can arrive in another order than in the source, so the constraint may "
                    + "reject rows that the source accepted.");

    static final Problem DESTINATION_CONDITION = Problem.warning(
            "destination-condition",
            "The destination has a CHECK that the source has not: changes that it rejects become dead letters.");

    private static final String CONSTRAINTS_SQL = """
            SELECT format('unique index %1$s of %2$s', i.indexrelid::regclass, i.indrelid::regclass),
                   CASE WHEN k.conname IS NULL THEN format('DROP INDEX %s;', i.indexrelid::regclass)
                        ELSE format('ALTER TABLE %s DROP CONSTRAINT %I;', i.indrelid::regclass, k.conname) END
            FROM pg_catalog.pg_index i
            LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
            WHERE i.indrelid = NAMED AND (i.indisunique OR i.indisexclusion) AND i.indexrelid <> rowrelay.key_index(i.indrelid)
            UNION ALL
            SELECT format('foreign key %I of %s', k.conname, k.conrelid::regclass),
                   format('ALTER TABLE %s DROP CONSTRAINT %I;', k.conrelid::regclass, k.conname)
            FROM pg_catalog.pg_constraint k
            WHERE k.contype = 'f' AND NAMED IN (k.conrelid, k.confrelid) AND k.conparentid = 0
              AND current_setting('session_replication_role') <> 'replica'
            ORDER BY 1""".replace("NAMED", RolePath.table("?"));

    private static final String CONDITIONS_SQL = """
            SELECT k.conname, pg_get_constraintdef(k.oid, true) FROM pg_catalog.pg_constraint k
            WHERE k.conrelid = NAMED AND k.contype = 'c' ORDER BY 1""".replace("NAMED", RolePath.table("?"));

    /** Those that can break when changes of different keys come in another order. A replica's session is not asked for foreign keys. */
    static final Check CONSTRAINTS = Check.ofDestination(
            "destination-constraints",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_TABLE),
            List.of(DESTINATION_CONSTRAINT),
            ConstraintsCheck::constraints);

    /** CHECK constraints: one that the source has too rejects nothing. */
    static final Check CONDITIONS =
            Check.ofBothTables("destination-conditions", List.of(DESTINATION_CONDITION), ConstraintsCheck::conditions);

    private record Condition(String name, String definition) {}

    private ConstraintsCheck() {}

    private static List<CheckResult> constraints(Connection connection, CheckContext context) throws SQLException {
        String table = context.destinationTable();
        ReplicaRole.take(connection);
        return CheckResult.orOk(
                Query.list(
                        connection,
                        CONSTRAINTS_SQL,
                        row -> CheckResult.found(
                                DESTINATION_CONSTRAINT, row.getString(1), Remedy.inDestination(row.getString(2))),
                        table,
                        table),
                "no unique index but the primary key, and no foreign key that could reject a change");
    }

    private static List<CheckResult> conditions(CheckContext context) throws OutageException {
        String table = context.destinationTable();
        List<String> ofSource = read(context.source(), context.settings().sourceTable()).stream()
                .map(Condition::definition)
                .toList();
        List<CheckResult> results = read(context.destination(), table).stream()
                .filter(condition -> !ofSource.contains(condition.definition()))
                .map(condition -> CheckResult.found(
                        DESTINATION_CONDITION,
                        condition.name() + " of " + table + ": " + condition.definition(),
                        Remedy.alterDestination(
                                context.settings(), "DROP CONSTRAINT " + Identifiers.quote(condition.name()))))
                .toList();
        return CheckResult.orOk(results, "no CHECK that the source has not");
    }

    private static List<Condition> read(Database database, String table) throws OutageException {
        return database.read(
                "reading constraints",
                connection -> Query.list(
                        connection, CONDITIONS_SQL, row -> new Condition(row.getString(1), row.getString(2)), table));
    }
}
