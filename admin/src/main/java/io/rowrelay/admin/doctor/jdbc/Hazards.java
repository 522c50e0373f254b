package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.stream.jdbc.DestinationHazard;
import io.rowrelay.stream.jdbc.ReplicaRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** What acts on the destination table beside the consumer, with the role of the settings. */
final class Hazards {
    private Hazards() {}

    static Check check(Database destination, StreamNames names) {
        return new SqlCheck(
                "destination-hazards",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION_TABLE),
                destination,
                connection -> look(connection, names));
    }

    private static List<Finding> look(Connection connection, StreamNames names) throws SQLException {
        // As the consumer's session; undone with the transaction.
        ReplicaRole.take(connection);
        return Rows.orSound(
                DestinationHazard.read(connection, names.destinationTable()).stream()
                        .map(Hazards::finding)
                        .toList(),
                "no trigger, rule, policy or cascade acts on replicated rows");
    }

    private static Finding finding(DestinationHazard hazard) {
        Ailment ailment = switch (hazard.kind()) {
            case TRIGGER -> Ailment.DESTINATION_TRIGGER;
            case CASCADE -> Ailment.DESTINATION_CASCADE;
            case ROW_SECURITY -> Ailment.DESTINATION_ROW_SECURITY;
        };
        return Finding.ill(
                ailment,
                hazard.text(),
                hazard.remedies().stream().map(Remedy::inDestination).toArray(Remedy[]::new));
    }
}
