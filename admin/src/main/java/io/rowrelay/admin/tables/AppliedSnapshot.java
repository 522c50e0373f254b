package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.stream.cut.CutRecord.Cut;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Which state of the source the destination shows, of a stream that is applied in cuts.
 *
 * @param snapshot the source's snapshot, as PostgreSQL prints it
 * @param epoch of the window that led to it; behind a reanchor, that of the windows to come
 * @param takenAt when the source was in that state; 1970 before the first
 * @param brokenSince since when it lacks a change that was rejected or left out, as PostgreSQL prints it
 * @param pausedTables those whose changes the consumer leaves out
 */
public record AppliedSnapshot(
        String snapshot, long epoch, Instant takenAt, Optional<String> brokenSince, List<String> pausedTables) {
    public AppliedSnapshot {
        pausedTables = List.copyOf(pausedTables);
    }

    /** What that means, for people; nothing where it lacks none. */
    public Optional<String> broken() {
        return brokenSince.map(since -> "a change is missing since " + since
                + ": the destination may show states that the source never had; "
                + (pausedTables.isEmpty() ? "see dlq list" : String.join(", ", pausedTables) + ": paused, see resume")
                + ". verify says when that is over, once it finds all tables equal");
    }

    /** Whether a cut is of before: of an earlier epoch, as before a reanchor, and of an earlier time, as not after a new installation. */
    public boolean isBehind(Cut cut) {
        return cut.window().epoch() < epoch && cut.takenAt().isBefore(takenAt);
    }

    /** Reads it; empty where the destination does not know the stream. */
    static Optional<AppliedSnapshot> read(Connection connection, String stream) throws SQLException {
        return Query.first(
                connection,
                """
                SELECT snapshot::text, epoch, coalesce(taken_at, 'epoch'), broken_since::text, ARRAY(SELECT jsonb_object_keys(paused_tables) ORDER BY 1)
                FROM {cdc_applied} WHERE stream = ?""",
                row -> new AppliedSnapshot(
                        row.getString(1),
                        row.getLong(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getString(4)),
                        List.of((String[]) row.getArray(5).getArray())),
                stream);
    }

    /**
     * Lets a cut count as applied without its changes, unless the destination shows another state by now. A consumer that runs
     * reads it again.
     */
    boolean skipTo(Connection connection, String stream, Cut cut) throws SQLException {
        return Query.first(
                        connection,
                        """
                        UPDATE {cdc_applied} SET snapshot = ?::pg_snapshot, source_identifier = ?, epoch = ?, number = ?,
                            taken_at = ?, broken_since = coalesce(broken_since, clock_timestamp())
                        WHERE stream = ? AND snapshot::text = ? AND epoch = ? RETURNING stream""",
                        row -> row.getString(1),
                        cut.s2().toString(),
                        cut.source(),
                        cut.window().epoch(),
                        cut.window().number(),
                        cut.takenAt().atOffset(ZoneOffset.UTC),
                        stream,
                        snapshot,
                        epoch)
                .isPresent();
    }

    /** Notes that nothing is missing any more, unless another change was rejected or left out since. */
    static boolean setWhole(Connection connection, String stream, String brokenSince) throws SQLException {
        return Query.first(
                        connection,
                        "UPDATE {cdc_applied} SET broken_since = NULL WHERE stream = ? AND broken_since::text = ? AND paused_tables = '{}'"
                                + " RETURNING stream",
                        row -> row.getString(1),
                        stream,
                        brokenSince)
                .isPresent();
    }
}
