package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out which changes the destination rejects when each is tried by itself, many in one round trip, by the function
 * rowrelay.refused_records. The trial leaves nothing behind. Not thread-safe.
 */
final class ProbeOnServer {
    private final Connection connection;
    private final RowWriter writer;
    private final Savepoints savepoints;
    private final ProbeBySavepoints oneByOne;

    ProbeOnServer(Connection connection, RowWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.savepoints = new Savepoints(connection);
        this.oneByOne = new ProbeBySavepoints(connection, writer);
    }

    /**
     * Tries each change.
     *
     * @throws SQLException when a trial fails in a way that says nothing of the change
     */
    List<RejectedChange> rejectedOf(List<ValidChange> changes) throws SQLException {
        List<RejectedChange> rejections = new ArrayList<>();
        for (ChangeSet changeSet : writer.changeSets(changes)) {
            List<RejectedChange> found = new ArrayList<>();
            // A key that the server cannot even read fails the call as a whole.
            boolean asked = savepoints.attempt(() -> ask(changeSet, found)).isEmpty();
            rejections.addAll(asked ? found : oneByOne.rejectedOf(changeSet.changes()));
        }
        return rejections;
    }

    private void ask(ChangeSet changeSet, List<RejectedChange> found) throws SQLException {
        ChangeSet.JsonForm json = changeSet.json();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT place, state, message, subject FROM rowrelay.refused_records(?, ?, ?, ?, ?)")) {
            statement.setString(
                    1, RolePath.qualified(connection, json.statement().numbered()));
            statement.setBytes(2, json.array().bytes());
            statement.setArray(3, connection.createArrayOf("int4", json.array().begins()));
            statement.setArray(4, connection.createArrayOf("text", changeSet.keys()));
            statement.setString(5, writer.stream());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new RejectedChange(
                            changeSet.changes().get(row.getInt(1) - 1),
                            row.getString(2),
                            "ERROR: " + row.getString(3),
                            row.getString(4)));
                }
            }
        }
    }
}
