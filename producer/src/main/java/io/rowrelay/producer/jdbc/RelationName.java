package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The name of a table as the server quotes it. */
final class RelationName {
    private RelationName() {}

    /** Empty where the role does not see the table. */
    static Optional<String> find(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + RolePath.table("?") + "::text")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        }
    }
}
