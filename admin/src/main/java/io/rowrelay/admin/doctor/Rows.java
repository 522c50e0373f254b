package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of a query, each made into something. */
final class Rows {
    private Rows() {}

    /** Makes a row into something. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    static <T> List<T> of(Connection connection, String sql, Reader<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int place = 0; place < parameters.length; place++) {
                statement.setObject(place + 1, parameters[place]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            return rows;
        }
    }

    /** The same in a transaction of its own; {@code what} they are is for the message. */
    static <T> List<T> read(Database database, String what, String sql, Reader<T> reader, Object... parameters)
            throws OutageException {
        return database.read("reading " + what, connection -> of(connection, sql, reader, parameters));
    }
}
