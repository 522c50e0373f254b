package io.rowrelay.admin.status;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.runtime.OutageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;

/** Reads how far the destination has applied a stream. */
final class ProgressReader {
    private ProgressReader() {}

    static DestinationStatus read(Database destination, String stream) throws OutageException {
        return destination.read("reading cdc_progress", connection -> {
            Map<Integer, DestinationStatus.Progress> progress = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT topic_partition, topic_id, next_offset, updated_at FROM cdc_progress WHERE stream = ?")) {
                statement.setString(1, stream);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        progress.put(
                                row.getInt(1),
                                new DestinationStatus.Progress(
                                        row.getString(2),
                                        row.getLong(3),
                                        row.getObject(4, OffsetDateTime.class).toInstant()));
                    }
                }
            }
            return new DestinationStatus(progress);
        });
    }
}
