package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries changes one by one from here, with four round trips each: for values that {@link ProbeOnServer} cannot be sent. Not thread-safe. */
final class ProbeBySavepoints {
    private final Connection connection;
    private final RowWriter writer;
    private final Savepoints savepoints;

    ProbeBySavepoints(Connection connection, RowWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.savepoints = new Savepoints(connection);
    }

    List<RejectedChange> rejectedOf(List<ValidChange> changes) throws SQLException {
        List<RejectedChange> rejections = new ArrayList<>();
        for (ValidChange change : changes) {
            Optional<SQLException> failure = savepoints.tryOut(() -> writer.writeJson(connection, List.of(change)));
            failure.ifPresent(rejection -> rejections.add(RejectedChange.of(change, rejection)));
        }
        return rejections;
    }
}
