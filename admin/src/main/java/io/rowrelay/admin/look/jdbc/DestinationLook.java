package io.rowrelay.admin.look.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.look.DestinationFacts;
import io.rowrelay.admin.look.Views.View;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;

/** What the destination knows of a stream. */
public final class DestinationLook implements View<DestinationFacts> {
    private final Database database;
    private final String stream;

    public DestinationLook(Database database, String stream) {
        this.database = database;
        this.stream = stream;
    }

    @Override
    public DestinationFacts look() throws OutageException {
        return database.read("reading cdc_progress", this::look);
    }

    private DestinationFacts look(Connection connection) throws SQLException {
        Map<Integer, DestinationFacts.Place> places = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT topic_partition, topic_id, next_offset, updated_at FROM cdc_progress WHERE stream = ?")) {
            statement.setString(1, stream);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    places.put(
                            row.getInt(1),
                            new DestinationFacts.Place(
                                    row.getString(2),
                                    row.getLong(3),
                                    row.getObject(4, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return new DestinationFacts(places);
    }
}
