package io.rowrelay.consumer.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tries changes one by one from here: four round trips each. For a destination that lacks the function of
 * {@link ProbeOnServer}, and for values that cannot even be sent to it. Not thread-safe.
 */
final class ProbeBySavepoints implements RefusalProbe {
    private final Connection connection;
    private final RowWriter writer;
    private final Savepoints savepoints;

    ProbeBySavepoints(Connection connection, RowWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.savepoints = new Savepoints(connection);
    }

    @Override
    public List<Refusal> refusedOf(List<ValidChange> events) throws SQLException {
        List<Refusal> refusals = new ArrayList<>();
        for (ValidChange event : events) {
            Optional<SQLException> failure = savepoints.rehearse(() -> writer.writeJson(connection, List.of(event)));
            failure.ifPresent(refusal -> refusals.add(Refusal.of(event, refusal)));
        }
        return refusals;
    }
}
