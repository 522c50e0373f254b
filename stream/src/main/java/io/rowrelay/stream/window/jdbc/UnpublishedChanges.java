package io.rowrelay.stream.window.jdbc;

import io.rowrelay.stream.checkpoint.Checkpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The committed changes that a checkpoint does not cover, found by the producer's own rule: what an open window still has to
 * publish, and what is not visible in the snapshot up to which everything is read. Counting ends at a limit, so that a look
 * costs little whatever waits. The plans need a session with sequential and bitmap scans off.
 *
 * @param changes how many
 * @param more whether counting ended there, and there may be more
 * @param oldest the age of the one with the smallest action_id, if there is one
 */
public record UnpublishedChanges(long changes, boolean more, Optional<Duration> oldest) {

    /** Nothing is unpublished. */
    public static final UnpublishedChanges NONE = new UnpublishedChanges(0, false, Optional.empty());

    /** These and those of another table. */
    public UnpublishedChanges and(UnpublishedChanges others) {
        return new UnpublishedChanges(
                changes + others.changes,
                more || others.more,
                Stream.concat(oldest.stream(), others.oldest.stream()).max(Comparator.naturalOrder()));
    }

    private record Found(long rows, long first) {
        private static final Found NOTHING = new Found(0, Long.MAX_VALUE);

        static Found by(PreparedStatement statement) throws SQLException {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Found(row.getLong(1), row.getLong(2));
            }
        }
    }

    /** Counts; not beyond {@code most} of each kind. The change table's name is quoted. */
    public static UnpublishedChanges measure(
            Connection connection, String changeTable, Checkpoint checkpoint, long most) throws SQLException {
        String window = checkpoint.windowSnapshot();
        Found inWindow =
                window == null ? Found.NOTHING : restOfWindow(connection, changeTable, checkpoint, window, most);
        Found behind = notVisible(connection, changeTable, window == null ? checkpoint.snapshot() : window, most);
        long rows = inWindow.rows() + behind.rows();
        return new UnpublishedChanges(
                rows,
                inWindow.rows() >= most || behind.rows() >= most,
                rows == 0
                        ? Optional.empty()
                        : age(connection, changeTable, Math.min(inWindow.first(), behind.first())));
    }

    /** Along the primary key. */
    private static Found restOfWindow(
            Connection connection, String changeTable, Checkpoint checkpoint, String windowSnapshot, long most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                """
                SELECT count(*), coalesce(min(w.action_id), 9223372036854775807) FROM (
                    SELECT c.action_id FROM %s c WHERE c.action_id > ? AND %s
                    ORDER BY c.action_id LIMIT ?) w""".formatted(changeTable, WindowRule.isInWindow(WindowRule.PARAMETER, WindowRule.PARAMETER)))) {
            statement.setLong(1, checkpoint.lastActionId());
            statement.setString(2, windowSnapshot);
            statement.setString(3, checkpoint.snapshot());
            statement.setLong(4, most);
            return Found.by(statement);
        }
    }

    /** Through the index on (xid, action_id). */
    private static Found notVisible(Connection connection, String changeTable, String snapshot, long most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT count(*), coalesce(min(w.action_id), 9223372036854775807) FROM (
                    (SELECT c.action_id %s LIMIT ?)
                    UNION ALL
                    (SELECT c.action_id %s LIMIT ?)) w""".formatted(
                        WindowRule.later(changeTable, WindowRule.PARAMETER, WindowRule.NOW),
                        WindowRule.ended(changeTable, WindowRule.PARAMETER, WindowRule.NOW)))) {
            statement.setString(1, snapshot);
            statement.setLong(2, most);
            statement.setString(3, snapshot);
            statement.setLong(4, most);
            return Found.by(statement);
        }
    }

    private static Optional<Duration> age(Connection connection, String changeTable, long actionId)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT (extract(epoch FROM greatest(clock_timestamp() - changed_at, interval '0')) * 1000)::bigint FROM "
                        + changeTable + " WHERE action_id = ?")) {
            statement.setLong(1, actionId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(Duration.ofMillis(row.getLong(1))) : Optional.empty();
            }
        }
    }
}
