package io.rowrelay.admin.command;

import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of a query, each made into something. */
public final class Rows {
    private Rows() {}

    /** Makes a row into something. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Reads them in the transaction that the connection is in. */
    public static <T> List<T> of(Connection connection, String sql, Reader<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int position = 0; position < parameters.length; position++) {
                statement.setObject(position + 1, parameters[position]);
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
    public static <T> List<T> read(Database database, String what, String sql, Reader<T> reader, Object... parameters)
            throws OutageException {
        return database.read("reading " + what, connection -> of(connection, sql, reader, parameters));
    }

    /** The first column of a query, as text. */
    public static List<String> texts(Connection connection, String sql, Object... parameters) throws SQLException {
        return of(connection, sql, row -> row.getString(1), parameters);
    }
}
