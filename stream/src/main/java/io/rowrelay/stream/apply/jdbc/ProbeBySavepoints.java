package io.rowrelay.stream.apply.jdbc;

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
final class ProbeBySavepoints implements RejectionProbe {
    private final Connection connection;
    private final RowWriter writer;
    private final Savepoints savepoints;

    ProbeBySavepoints(Connection connection, RowWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.savepoints = new Savepoints(connection);
    }

    @Override
    public List<RejectedChange> rejectedOf(List<ValidChange> changes) throws SQLException {
        List<RejectedChange> rejections = new ArrayList<>();
        for (ValidChange change : changes) {
            Optional<SQLException> failure = savepoints.tryOut(() -> writer.writeJson(connection, List.of(change)));
            failure.ifPresent(rejection -> rejections.add(RejectedChange.of(change, rejection)));
        }
        return rejections;
    }
}
