package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Whether sql/source and sql/destination were applied, and all of them. */
final class ScriptsCheck {
    static final Problem SOURCE_SCRIPTS_MISSING = Problem.problem(
            "source-scripts-missing",
            "Rowrelay's tables and functions are missing in the source, or not on the role's search path.",
            Need.SOURCE_SCRIPTS);

    static final Problem SOURCE_SCRIPTS_OLD = Problem.warning(
            "source-scripts-old",
            "Rowrelay's tables and functions in the source are of an earlier version: newer features, such as "
                    + "pause, do not work.");

    static final Problem DESTINATION_SCRIPTS_MISSING = Problem.problem(
            "destination-scripts-missing",
            "Rowrelay's tables and functions are missing in the destination, or not on the role's search path.",
            Need.DESTINATION_SCRIPTS);

    static final Problem DESTINATION_SCRIPTS_OLD = Problem.warning(
            "destination-scripts-old",
            "Rowrelay's tables and functions in the destination are of an earlier version: newer features, "
                    + "such as dlq, do not work, and bad records cost more.");

    /** Two texts: what the daemons cannot do without, and what was added later. */
    private static final String OF_SOURCE = """
            SELECT concat_ws(', ', CASE WHEN to_regclass('cdc_offset') IS NULL THEN 'cdc_offset' END,
                             CASE WHEN to_regclass('cdc_published') IS NULL THEN 'cdc_published' END,
                             CASE WHEN to_regprocedure('cdc_check(text, text)') IS NULL THEN 'cdc_check' END,
                             CASE WHEN to_regprocedure('cdc_capture(regclass, text)') IS NULL THEN 'cdc_capture' END),
                   concat_ws(', ', CASE WHEN NOT ? THEN 'column paused_at of cdc_offset' END,
                             CASE WHEN to_regclass('cdc_backfill') IS NULL THEN 'table cdc_backfill' END)""";

    private static final String OF_DESTINATION = """
            SELECT concat_ws(', ', CASE WHEN to_regclass('cdc_tombstone') IS NULL THEN 'cdc_tombstone' END,
                             CASE WHEN to_regclass('cdc_progress') IS NULL THEN 'cdc_progress' END,
                             CASE WHEN to_regprocedure('cdc_destination(regclass)') IS NULL THEN 'cdc_destination' END),
                   concat_ws(', ', CASE WHEN to_regprocedure('rowrelay.refused_records(text, bytea, integer[], text[], text)')
                                             IS NULL THEN 'function rowrelay.refused_records' END,
                             CASE WHEN to_regclass('cdc_dead_letter') IS NULL THEN 'table cdc_dead_letter' END,
                             CASE WHEN to_regclass('cdc_dead_letter_seen') IS NULL
                                  THEN 'table cdc_dead_letter_seen' END,
                             CASE WHEN to_regclass('cdc_writer') IS NULL THEN 'table cdc_writer' END)""";

    static final Check SOURCE = Check.ofSource(
            "source-scripts",
            Subject.SOURCE,
            Set.of(Need.SOURCE),
            List.of(SOURCE_SCRIPTS_MISSING, SOURCE_SCRIPTS_OLD),
            (connection, context) -> look(
                    connection,
                    context.source(),
                    OF_SOURCE,
                    SOURCE_SCRIPTS_MISSING,
                    SOURCE_SCRIPTS_OLD,
                    TableCatalog.find(connection, "cdc_offset")
                            .flatMap(table -> table.column("paused_at"))
                            .isPresent()));

    static final Check DESTINATION = Check.ofDestination(
            "destination-scripts",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION),
            List.of(DESTINATION_SCRIPTS_MISSING, DESTINATION_SCRIPTS_OLD),
            (connection, context) -> look(
                    connection,
                    context.destination(),
                    OF_DESTINATION,
                    DESTINATION_SCRIPTS_MISSING,
                    DESTINATION_SCRIPTS_OLD));

    private ScriptsCheck() {}

    private static List<CheckResult> look(
            Connection connection, Database database, String sql, Problem missing, Problem old, Object... parameters)
            throws SQLException {
        boolean source = database.role().equals("source");
        Remedy apply = Remedy.byHand((source ? Programs.SOURCE_SCRIPTS : Programs.DESTINATION_SCRIPTS)
                + ", with psql in " + database.address());
        return Query.list(
                connection,
                sql,
                row -> {
                    if (!row.getString(1).isEmpty()) {
                        return CheckResult.found(missing, "missing: " + row.getString(1), apply);
                    }
                    return row.getString(2).isEmpty()
                            ? CheckResult.ok("Rowrelay's tables and functions are there")
                            : CheckResult.found(old, "missing: " + row.getString(2), apply);
                },
                parameters);
    }
}
