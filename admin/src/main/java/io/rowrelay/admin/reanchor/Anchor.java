package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.tables.BusyException;
import io.rowrelay.admin.tables.ShortTransaction;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Where a stream begins in its source database, over a session that holds the stream's lock until it is closed. Not thread-safe. */
final class Anchor implements AutoCloseable {
    private final StreamTables tables;
    private final Connection connection;
    private final String stream;
    private final ChangeTable changes;

    Anchor(StreamTables tables) throws OutageException {
        this.tables = tables;
        this.changes = tables.changes();
        this.stream = tables.names().stream();
        this.connection = tables.furtherSourceSession();
    }

    /** Takes the lock that the active producer holds; returns who has it, or nothing when it is taken now. */
    Optional<String> lock() throws OutageException {
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

    /** Returns the largest action_id that sequence, change table and checkpoint know. */
    long highestActionId() throws OutageException {
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

    /** Returns what is in the change table, in words. */
    String describe() throws OutageException {
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
     * Begins the stream anew: empties the change table, lets action_ids go on after the given one, or after a larger one
     * where the sequence has come near it meanwhile, and writes the checkpoint that says so. All at once, but for the
     * sequence: should this fail before the commit, the old checkpoint is still below what the topic holds, so a producer
     * still refuses. Once the table is locked, every transaction that wrote to it has ended.
     *
     * @return the action_id after which it goes on
     */
    long set(long actionId, long margin) throws BusyException, OutageException {
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
        tables.release(connection);
    }
}
