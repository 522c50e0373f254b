package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.producer.capture.PublishedHistory.Remembered;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream's rows in cdc_published: earlier checkpoints, one for each ten seconds of the last hour and one for each five
 * minutes before, as far back as the change table reaches. Over the connection that holds the stream's lock; the caller
 * commits.
 */
final class PublishedTable {
    /**
     * Only a few rows are looked at: those that have just become an hour old, each beside its neighbours. The retention removes
     * changes; of the checkpoints from
     * before that, only the newest stays, since no change after it is gone.
     */
    private static final String THIN_OUT = """
                DELETE FROM {cdc_published} d WHERE d.stream = ? AND (
                    (d.taken_at BETWEEN now() - interval '70 minutes' AND now() - interval '60 minutes'
                     AND EXISTS (SELECT FROM {cdc_published} e
                                 WHERE e.id BETWEEN d.id - 40 AND d.id - 1 AND e.stream = d.stream AND e.topic_id = d.topic_id
                                   AND date_bin('5 minutes', e.taken_at, 'epoch') = date_bin('5 minutes', d.taken_at, 'epoch')))
                    OR d.id < (SELECT max(o.id) FROM {cdc_published} o JOIN {cdc_offset} c ON c.stream = o.stream
                               WHERE o.stream = ? AND o.taken_at < c.removed_until))""";

    private final Connection connection;
    private final String stream;
    private final PublishedArrays arrays;
    private PublishedOffsets last = new PublishedOffsets(Map.of(), Map.of());

    /** The tables have room for one topic. */
    PublishedTable(Connection connection, String stream, String topic) {
        this.connection = connection;
        this.stream = stream;
        this.arrays = new PublishedArrays(topic);
    }

    PublishedArrays arrays() {
        return arrays;
    }

    /** Reads what was stored with the checkpoint. */
    void load() throws SQLException {
        last = Query.one(
                connection,
                "SELECT published_topic, published_offsets, published_action_ids FROM {cdc_offset} WHERE stream = ?",
                row -> arrays.read(row, 1),
                stream);
    }

    /** What was stored with the checkpoint when it was read. */
    PublishedOffsets last() {
        return last;
    }

    List<Remembered> newestFirst() throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, """
                SELECT id, taken_at, snapshot::text, window_snapshot::text, last_action_id,
                       topic_id, next_offsets, action_ids
                FROM {cdc_published} WHERE stream = ? ORDER BY id DESC""")) {
            statement.setString(1, stream);
            List<Remembered> remembered = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long lastActionId = row.getLong(5);
                    remembered.add(new Remembered(
                            row.getLong(1),
                            row.getTimestamp(2).toInstant(),
                            new Checkpoint(row.getString(3), row.getString(4), lastActionId, lastActionId),
                            arrays.read(row, 6)));
                }
            }
            return remembered;
        }
    }

    void add(Checkpoint checkpoint, PublishedOffsets published) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, """
                INSERT INTO {cdc_published} (stream, snapshot, window_snapshot, last_action_id, topic_id, next_offsets, action_ids)
                VALUES (?, ?::pg_snapshot, ?::pg_snapshot, ?, ?, ?, ?)""")) {
            statement.setString(1, stream);
            statement.setString(2, checkpoint.snapshot());
            statement.setString(3, checkpoint.windowSnapshot());
            statement.setLong(4, checkpoint.lastActionId());
            arrays.set(statement, 5, published);
            statement.executeUpdate();
        }
    }

    void thinOut() throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, THIN_OUT)) {
            statement.setString(1, stream);
            statement.setString(2, stream);
            statement.executeUpdate();
        }
    }

    void forgetAfter(long newestKept) throws SQLException {
        try (PreparedStatement statement =
                RolePath.prepare(connection, "DELETE FROM {cdc_published} WHERE stream = ? AND id > ?")) {
            statement.setString(1, stream);
            statement.setLong(2, newestKept);
            statement.executeUpdate();
        }
    }

    /** A change that the retention removed was visible in every snapshot after the end of its transaction. */
    boolean holdsAllAfter(Checkpoint checkpoint, @Nullable Instant takenAt) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(
                connection, """
                SELECT removed_until IS NULL
                    OR coalesce(%s, removed_until < ?::timestamptz, false)
                FROM {cdc_offset} WHERE stream = ?""".formatted(WindowRule.allVisible("removed_xid", WindowRule.PARAMETER)))) {
            statement.setString(1, checkpoint.snapshot());
            statement.setTimestamp(2, takenAt == null ? null : Timestamp.from(takenAt));
            statement.setString(3, stream);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    static Checkpoint beforeEverything() {
        return new Checkpoint(StreamStart.BEFORE_EVERYTHING, null, 0, 0);
    }
}
