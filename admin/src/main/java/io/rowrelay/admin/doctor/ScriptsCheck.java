package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Database;
import io.rowrelay.stream.jdbc.InstalledVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Whether sql/source and sql/destination were applied, and those of this version or a later one. */
final class ScriptsCheck {
    static final Problem SOURCE_SCRIPTS_MISSING = Problem.problem(
            "source-scripts-missing",
            "Rowrelay's tables and functions are missing in the source, or not on the role's search path.",
            Need.SOURCE_SCRIPTS);

    static final Problem SOURCE_SCRIPTS_OLD = Problem.problem(
            "source-scripts-old",
            "Rowrelay's tables and functions in the source are of an earlier version: the producer waits.",
            Need.SOURCE_SCRIPTS);

    static final Problem DESTINATION_SCRIPTS_MISSING = Problem.problem(
            "destination-scripts-missing",
            "Rowrelay's tables and functions are missing in the destination, or not on the role's search path.",
            Need.DESTINATION_SCRIPTS);

    static final Problem DESTINATION_SCRIPTS_OLD = Problem.problem(
            "destination-scripts-old",
            "Rowrelay's tables and functions in the destination are of an earlier version: the consumer waits.",
            Need.DESTINATION_SCRIPTS);

    static final Check SOURCE = Check.ofSource(
            "source-scripts",
            Subject.SOURCE,
            Set.of(Need.SOURCE),
            List.of(SOURCE_SCRIPTS_MISSING, SOURCE_SCRIPTS_OLD),
            (connection, context) -> look(
                    connection, InstalledVersion.SOURCE, context.source(), SOURCE_SCRIPTS_MISSING, SOURCE_SCRIPTS_OLD));

    static final Check DESTINATION = Check.ofDestination(
            "destination-scripts",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION),
            List.of(DESTINATION_SCRIPTS_MISSING, DESTINATION_SCRIPTS_OLD),
            (connection, context) -> look(
                    connection,
                    InstalledVersion.DESTINATION,
                    context.destination(),
                    DESTINATION_SCRIPTS_MISSING,
                    DESTINATION_SCRIPTS_OLD));

    private ScriptsCheck() {}

    private static List<CheckResult> look(
            Connection connection, InstalledVersion installed, Database database, Problem missing, Problem old)
            throws SQLException {
        return List.of(installed
                .shortfall(connection)
                .map(found -> CheckResult.found(
                        found.missing() ? missing : old,
                        found.text(),
                        Remedy.byHand(found.remedy() + ", with psql in " + database.address())))
                .orElseGet(() -> CheckResult.ok("Rowrelay's tables and functions are there")));
    }
}
