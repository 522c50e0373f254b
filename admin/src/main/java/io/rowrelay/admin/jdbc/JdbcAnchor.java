package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.reanchor.Anchor;
import io.rowrelay.admin.resync.BusyException;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.jdbc.ChangeTable;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.jdbc.StreamStart;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** A stream's beginning, over one session that holds the stream's lock. Not thread-safe. */
final class JdbcAnchor implements Anchor {
    private final PatientSessions pool;
    private final Connection connection;
    private final String stream;
    private final ChangeTable changes;

    JdbcAnchor(PatientSessions pool, Connection connection, String stream, ChangeTable changes) {
        this.pool = pool;
        this.connection = connection;
        this.stream = stream;
        this.changes = changes;
    }

    @Override
    public Optional<String> lock() throws OutageException {
        try {
            Optional<String> holder = StreamLock.tryTake(connection, stream)
                    ? Optional.empty()
                    : Optional.of(StreamLock.holder(connection, stream)
                            .map(StreamLock.Holder::toString)
                            .orElse("a session that has just ended"));
            connection.commit();
            return holder;
        } catch (SQLException failure) {
            throw SqlFailures.outage("taking the lock of the stream", failure);
        }
    }

    @Override
    public long highestActionId() throws OutageException {
        String sql = "SELECT greatest((SELECT max(action_id) FROM " + changes.name()
                + "), (SELECT highest_action_id FROM cdc_offset WHERE stream = ?))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, stream);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long highest = Math.max(row.getLong(1), ActionIds.last(connection, changes));
                connection.commit();
                return highest;
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the action_ids of " + changes.name(), failure);
        }
    }

    @Override
    public String describe() throws OutageException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + changes.name())) {
            row.next();
            String description = row.getLong(1) + " changes in " + changes.name();
            connection.commit();
            return description;
        } catch (SQLException failure) {
            throw SqlFailures.outage("counting the changes in " + changes.name(), failure);
        }
    }

    /**
     * The lock waits for nobody's rows to come: whoever has written to the change table has ended. Should this fail between
     * the sequence and the commit, the old checkpoint is still below what the topic holds, so a producer still refuses.
     */
    @Override
    public long set(long actionId, long margin) throws BusyException, OutageException {
        long[] anchor = {actionId};
        ShortTransaction.run(
                connection,
                changes.name() + " is in use by open transactions",
                "setting the checkpoint of the stream",
                () -> {
                    ShortTransaction.lock(connection, changes.name(), "ACCESS EXCLUSIVE");
                    anchor[0] = Math.max(actionId, Math.addExact(ActionIds.last(connection, changes), margin));
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("TRUNCATE " + changes.name());
                    }
                    ActionIds.set(connection, changes, anchor[0]);
                    StreamStart.now(connection, stream, anchor[0]);
                    return 1;
                });
        return anchor[0];
    }

    @Override
    public void close() {
        pool.evict(connection);
    }
}
