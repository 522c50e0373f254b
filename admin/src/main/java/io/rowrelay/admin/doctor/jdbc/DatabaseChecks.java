package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Thresholds;
import io.rowrelay.admin.status.StreamView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The checks of the two databases, each behind those that it builds on. */
public final class DatabaseChecks {
    private DatabaseChecks() {}

    /** Of the source, the capture and the producer. */
    public static List<Check> source(
            Database source, StreamView view, StreamNames names, Thresholds thresholds, Duration retention) {
        return List.of(
                DatabaseAnswers.ofSource(source),
                SourceState.primary(source),
                SourceState.scripts(source),
                CaptureSound.check(source, names),
                Privileges.producer(source, names),
                SourceState.notRestored(source, names),
                OpenTransactions.check(source, thresholds),
                new Publishing(view, names, thresholds),
                ChangeTableSize.check(source, names, retention));
    }

    /** Of the destination, and of what differs between the two. */
    public static List<Check> destination(Database source, Database destination, StreamNames names) {
        return List.of(
                DatabaseAnswers.ofDestination(destination),
                DestinationState.writable(destination),
                DestinationState.scripts(destination),
                DestinationState.table(destination, names),
                new DestinationColumns(source, destination, names),
                new WritableColumns(source, destination, names),
                DestinationState.constraints(destination, names),
                DestinationState.writers(destination, names),
                new DestinationConditions(source, destination, names),
                Hazards.check(destination, names),
                Privileges.consumer(destination, names),
                Clock.check(source, Need.SOURCE, InstantSource.system()),
                Clock.check(destination, Need.DESTINATION, InstantSource.system()));
    }
}
