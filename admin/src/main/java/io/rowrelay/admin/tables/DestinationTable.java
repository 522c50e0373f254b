package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.DestinationHazard;
import io.rowrelay.stream.jdbc.ReplicaRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The destination table, of which a condition can choose some rows, and the tombstones of its stream. Only read. Not
 * thread-safe.
 */
public final class DestinationTable {
    private final TableSession session;
    private final KeyedTable table;
    private final String stream;
    private final Condition condition;
    private final KeyedRows rows;

    DestinationTable(TableSession session, KeyedTable table, String stream, Condition condition) {
        this.session = session;
        this.table = table;
        this.stream = stream;
        this.condition = condition;
        this.rows = new KeyedRows(session, table, condition);
    }

    /** Its rows. */
    public KeyedRows rows() {
        return rows;
    }

    /**
     * The destination shows a change that the source has not numbered yet, so the fence holds back what the source writes.
     *
     * @param shown the highest action_id that the destination shows
     * @param last the last action_id of the source
     */
    public record Ahead(long shown, long last) {
        @Override
        public String toString() {
            return "the destination shows change " + shown + ", but the last action_id of the source is " + last;
        }
    }

    /** Whether it is ahead of the source. */
    public Optional<Ahead> aheadOf(SourceTable source) throws OutageException {
        // In this order: a change that is applied meanwhile got its action_id before.
        long shown = highestActionId();
        long last = source.lastActionId();
        return shown > last ? Optional.of(new Ahead(shown, last)) : Optional.empty();
    }

    /**
     * Refuses to go on where it is ahead of the source. To be called before anything is written.
     *
     * @throws CommandFailedException that says what to run
     */
    public void requireNotAheadOf(SourceTable source) throws OutageException {
        Optional<Ahead> ahead = aheadOf(source);
        if (ahead.isPresent()) {
            throw new CommandFailedException(
                    ahead.get() + ", so it would ignore what is written: the source was restored"
                            + " or replaced. Run reanchor instead, which does a resync too.");
        }
    }

    /** Returns the largest action_id that a chosen row or a tombstone of the stream shows, 0 when there is none. */
    public long highestActionId() throws OutageException {
        String sql = "SELECT coalesce(greatest((SELECT max(action_id) FROM {cdc_tombstone} WHERE stream = ?),"
                + " (SELECT max(r." + table.fence() + ") FROM " + table.name() + " r WHERE " + condition.sql()
                + ")), 0)";
        return session.one("reading the action_ids of " + table.name(), sql, row -> row.getLong(1), stream);
    }

    /** Which of the keys have a row that shows a change later than the given one. */
    public Set<RowKey> showing(List<RowKey> keys, long actionId) throws OutageException {
        return rows.existing(keys, " AND r." + table.fence() + " > ?", actionId);
    }

    /** Returns what beside the stream can change its rows or keep changes from them, one each: triggers and the like. */
    public List<String> hazards() throws OutageException {
        return session.run("looking for triggers of " + table.name(), connection -> {
            // With the role of the consumer's session; no other statement of the command depends on it.
            ReplicaRole.take(connection);
            return DestinationHazard.read(connection, table.name()).stream()
                    .map(DestinationHazard::line)
                    .toList();
        });
    }

    /** Counts chosen rows that show no change later than the given one, up to the limit. */
    public int countOlder(long actionId, int limit) throws OutageException {
        String sql = "SELECT count(*) FROM (SELECT FROM " + table.name() + " r WHERE (r." + table.fence()
                + " IS NULL OR r." + table.fence() + " <= ?) AND " + condition.sql() + " LIMIT ?) older";
        return session.one("counting rows of " + table.name(), sql, row -> row.getInt(1), actionId, limit);
    }
}
