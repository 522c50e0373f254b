package io.rowrelay.stream.progress.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.progress.PartitionProgress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A row of cdc_progress.
 *
 * @param progress how far the partition is finished
 * @param updatedAt when it moved, by the destination's clock
 * @param address where in the table the row lies, its ctid
 */
public record StoredProgress(PartitionProgress progress, Instant updatedAt, String address) {
    /** Columns of the table {@code p}. */
    static final String COLUMNS =
            "p.topic_partition, p.topic_id, p.next_offset, p.leader_epoch, p.updated_at, p.ctid::text";

    /** Reads those of a stream, by the number of the partition. */
    public static Map<Integer, StoredProgress> read(Connection connection, String stream) throws SQLException {
        // If somebody added a second row for a partition, the lower progress counts.
        try (PreparedStatement statement = RolePath.prepare(
                connection,
                "SELECT " + COLUMNS + " FROM {cdc_progress} p WHERE p.stream = ? ORDER BY p.next_offset DESC")) {
            statement.setString(1, stream);
            return read(statement);
        }
    }

    static Map<Integer, StoredProgress> read(PreparedStatement statement) throws SQLException {
        Map<Integer, StoredProgress> stored = new HashMap<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Optional<Integer> epoch = Optional.ofNullable(row.getObject(4, Integer.class));
                stored.put(
                        row.getInt(1),
                        new StoredProgress(
                                new PartitionProgress(row.getString(2), row.getLong(3), epoch),
                                row.getObject(5, OffsetDateTime.class).toInstant(),
                                row.getString(6)));
            }
        }
        return stored;
    }
}
