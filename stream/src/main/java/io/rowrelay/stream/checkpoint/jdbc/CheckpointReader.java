package io.rowrelay.stream.checkpoint.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads the checkpoint of a stream, as anybody may. */
public final class CheckpointReader {
    private CheckpointReader() {}

    /** Returns the checkpoint; nothing while no producer has ever begun the stream. */
    public static Optional<StoredCheckpoint> read(Connection connection, String stream) throws SQLException {
        try (PreparedStatement statement =
                RolePath.prepare(connection, """
                SELECT o.snapshot::text, o.window_snapshot::text, o.last_action_id, o.highest_action_id, o.system_identifier,
                       o.anchor_action_id, coalesce(%s, ?),
                       o.paused_by, o.paused_at
                FROM {cdc_offset} o WHERE o.stream = ?""".formatted(SourceIdentityReader.micros("o.removed_until")))) {
            statement.setLong(1, StoredCheckpoint.NOTHING_REMOVED);
            statement.setString(2, stream);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    private static StoredCheckpoint read(ResultSet row) throws SQLException {
        String pausedBy = String.valueOf(row.getString(8));
        return new StoredCheckpoint(
                new Checkpoint(String.valueOf(row.getString(1)), row.getString(2), row.getLong(3), row.getLong(4)),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                Optional.ofNullable(row.getObject(9, OffsetDateTime.class))
                        .map(since -> new StoredCheckpoint.Pause(pausedBy, since.toInstant())));
    }
}
