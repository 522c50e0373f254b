package io.rowrelay.admin.doctor;

import io.rowrelay.stream.jdbc.DestinationHazard;
import io.rowrelay.stream.jdbc.ReplicaRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** What acts on the destination table beside the consumer, with the role of the settings. */
final class TriggersCheck {
    static final Problem DESTINATION_TRIGGER = Problem.warning(
            "destination-trigger",
            "A trigger or rule of the destination can change replicated rows. It does not act if the "
                    + "consumer's role may set session_replication_role, unless it is enabled ALWAYS or REPLICA.");

    static final Problem DESTINATION_CASCADE = Problem.warning(
            "destination-cascade",
            "A foreign key deletes or changes rows of another table, also newer ones. It does not act if the "
                    + "consumer's role may set session_replication_role.");

    static final Problem DESTINATION_ROW_SECURITY = Problem.problem(
            "destination-row-security",
            "Row-level security would hide rows from the consumer's role: the consumer waits.");

    private TriggersCheck() {}

    static final Check CHECK = Check.ofDestination(
            "destination-hazards",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_TABLE),
            List.of(DESTINATION_TRIGGER, DESTINATION_CASCADE, DESTINATION_ROW_SECURITY),
            TriggersCheck::look);

    private static List<CheckResult> look(Connection connection, CheckContext context) throws SQLException {
        // As the consumer's session; undone with the transaction.
        ReplicaRole.take(connection);
        return CheckResult.orOk(
                DestinationHazard.read(connection, context.destinationTable()).stream()
                        .map(TriggersCheck::result)
                        .toList(),
                "no trigger, rule, policy or cascade acts on replicated rows");
    }

    private static CheckResult result(DestinationHazard hazard) {
        Problem problem = switch (hazard.kind()) {
            case TRIGGER -> DESTINATION_TRIGGER;
            case CASCADE -> DESTINATION_CASCADE;
            case ROW_SECURITY -> DESTINATION_ROW_SECURITY;
        };
        return CheckResult.found(
                problem,
                hazard.text(),
                hazard.remedies().stream().map(Remedy::inDestination).toArray(Remedy[]::new));
    }
}
