package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.stream.cut.CutRecord.Cut;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Which state of the source the destination shows, of a stream that is applied in cuts.
 *
 * @param snapshot the source's snapshot, as PostgreSQL prints it
 * @param brokenSince since when it lacks a change that was rejected, as PostgreSQL prints it
 */
public record AppliedSnapshot(String snapshot, Optional<String> brokenSince) {

    /** What that means, for people; nothing where it lacks none. */
    public Optional<String> broken() {
        return brokenSince.map(since -> "a change was rejected at " + since
                + ": since then the destination may show states that the source never had; see dlq list."
                + " verify says when that is over, once it finds all tables equal");
    }

    /** Reads it; empty where the destination does not know the stream. */
    static Optional<AppliedSnapshot> read(Connection connection, String stream) throws SQLException {
        return Query.first(
                connection,
                "SELECT snapshot::text, broken_since::text FROM {cdc_applied} WHERE stream = ?",
                row -> new AppliedSnapshot(row.getString(1), Optional.ofNullable(row.getString(2))),
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
                        WHERE stream = ? AND snapshot::text = ? RETURNING stream""",
                        row -> row.getString(1),
                        cut.s2().toString(),
                        cut.source(),
                        cut.window().epoch(),
                        cut.window().number(),
                        cut.takenAt().atOffset(ZoneOffset.UTC),
                        stream,
                        snapshot)
                .isPresent();
    }

    /** Notes that nothing is missing any more, unless another change was rejected since. */
    static boolean setWhole(Connection connection, String stream, String brokenSince) throws SQLException {
        return Query.first(
                        connection,
                        "UPDATE {cdc_applied} SET broken_since = NULL WHERE stream = ? AND broken_since::text = ? RETURNING stream",
                        row -> row.getString(1),
                        stream,
                        brokenSince)
                .isPresent();
    }
}
