package io.rowrelay.admin.doctor;

import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * A check for one problem, or for a few that show together. Changes nothing.
 *
 * @param name what it is called, in words joined by hyphens
 * @param subject what it is about
 * @param needs without these it is skipped
 * @param problems what it can find
 * @param look makes it; at least one result
 */
record Check(String name, Subject subject, Set<Need> needs, List<Problem> problems, Look look) {
    Check {
        needs = Set.copyOf(needs);
        problems = List.copyOf(problems);
    }

    /** Makes a check; throws an outage when it cannot answer. */
    @FunctionalInterface
    interface Look {
        List<CheckResult> at(CheckContext context) throws OutageException, InterruptedException;
    }

    /** Makes a check in a transaction of one database. */
    @FunctionalInterface
    interface SqlLook {
        List<CheckResult> at(Connection connection, CheckContext context) throws SQLException, OutageException;
    }

    /** A check that asks the source only. */
    static Check ofSource(String name, Subject subject, Set<Need> needs, List<Problem> problems, SqlLook look) {
        return new Check(
                name,
                subject,
                needs,
                problems,
                context -> context.source().read("checking " + name, connection -> look.at(connection, context)));
    }

    /** A check that asks the destination only. */
    static Check ofDestination(String name, Subject subject, Set<Need> needs, List<Problem> problems, SqlLook look) {
        return new Check(
                name,
                subject,
                needs,
                problems,
                context -> context.destination().read("checking " + name, connection -> look.at(connection, context)));
    }

    /** A check that compares the destination's table with that of the source. */
    static Check ofBothTables(String name, List<Problem> problems, Look look) {
        return new Check(name, Subject.DESTINATION, Set.of(Need.CAPTURE, Need.DESTINATION_TABLE), problems, look);
    }
}
