package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.BusyException;
import io.rowrelay.admin.tables.ShortTransaction;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.util.Optional;

/**
 * Where a stream begins in its source database, over a session that holds the stream's lock until it is closed. Not
 * thread-safe.
 */
final class Anchor implements AutoCloseable {
    private final StreamTables tables;
    private final TableSession session;
    private final String stream;
    private final ChangeTable changes;

    Anchor(StreamTables tables) throws OutageException {
        this.tables = tables;
        this.changes = tables.changes();
        this.stream = tables.stream();
        this.session = tables.furtherSourceSession();
    }

    /** Takes the lock that the active producer holds; returns who has it, or nothing when it is taken now. */
    Optional<String> lock() throws OutageException {
        StreamLock lock = StreamLock.ofProducer(stream);
        return session.run(
                "taking the lock of the stream",
                connection -> lock.tryTake(connection)
                        ? Optional.empty()
                        : Optional.of(lock.holder(connection)
                                .map(StreamLock.Holder::toString)
                                .orElse("a session that has just ended")));
    }

    /** Returns the largest action_id that sequence, change table and checkpoint know. */
    long highestActionId() throws OutageException {
        String sql = "SELECT greatest((SELECT max(action_id) FROM " + changes.name()
                + "), (SELECT highest_action_id FROM {cdc_offset} WHERE stream = ?))";
        return session.run(
                "reading the action_ids of " + changes.name(),
                connection -> Math.max(
                        Query.one(connection, sql, row -> row.getLong(1), stream),
                        ActionIds.last(connection, changes)));
    }

    /** Returns what is in the change table, in words. */
    String describe() throws OutageException {
        return session.one(
                "counting the changes in " + changes.name(),
                "SELECT count(*) FROM " + changes.name(),
                row -> row.getLong(1) + " changes in " + changes.name());
    }

    /**
     * Begins the stream again: empties the change table, lets action_ids go on after the base, or after a larger one where the
     * sequence has come near it meanwhile, and writes the checkpoint that says so. All at once, but for the
     * sequence: if this fails before the commit, the old checkpoint is still below what the topic holds, so a producer still
     * refuses to run. Once the table is locked, every transaction that wrote to it has ended.
     *
     * @return the action_id after which it goes on
     */
    long set(ReanchorBase base) throws BusyException, OutageException {
        Connection connection = session.connection();
        return ShortTransaction.run(
                connection,
                changes.name() + " is in use by open transactions",
                "setting the checkpoint of the stream",
                () -> {
                    ShortTransaction.lock(connection, changes.name(), "ACCESS EXCLUSIVE");
                    long anchor = base.notBefore(ActionIds.last(connection, changes));
                    Query.update(connection, "TRUNCATE " + changes.name());
                    ActionIds.set(connection, changes, anchor);
                    StreamStart.now(connection, stream, anchor);
                    return anchor;
                });
    }

    /**
     * Takes all records up to the base for history, and lets action_ids go on after it. Nothing else changes: what waits in the
     * change table is published, and what is published stays so.
     *
     * @return the action_id after which it goes on
     */
    long trust(ReanchorBase base) throws OutageException {
        return session.run("setting the checkpoint of the stream", connection -> {
            long anchor = base.notBefore(ActionIds.last(connection, changes));
            int stored = Query.update(
                    connection, "UPDATE {cdc_offset} SET anchor_action_id = ? WHERE stream = ?", anchor, stream);
            if (stored == 0) {
                throw new CommandFailedException(
                        "no producer has ever begun the stream, so there is nothing to trust: run reanchor without --trust-source");
            }
            ActionIds.set(connection, changes, anchor);
            connection.commit();
            return anchor;
        });
    }

    @Override
    public void close() {
        tables.release(session);
    }
}
