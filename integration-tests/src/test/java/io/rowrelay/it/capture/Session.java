package io.rowrelay.it.capture;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** One database session that runs SQL as a person would in psql. For one thread. */
final class Session implements AutoCloseable {
    private final Connection connection;

    Session(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** Runs a script of one or many statements; transactions are begun and ended by the script. */
    void run(String script) throws SQLException {
        messages(script);
    }

    /** Runs a script and returns the notices and warnings that it raised. */
    List<String> messages(String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(script);
            List<String> messages = new ArrayList<>();
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                messages.add(warning.getMessage());
            }
            return messages;
        }
    }

    /** The first column of all rows. */
    List<String> list(String query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                List<String> values = new ArrayList<>();
                while (row.next()) {
                    values.add(String.valueOf(row.getString(1)));
                }
                return values;
            }
        }
    }

    /** The first column of the only row. */
    String value(String query) throws SQLException {
        List<String> values = list(query);
        if (values.size() != 1) {
            throw new IllegalStateException(values.size() + " rows instead of one: " + query);
        }
        return values.get(0);
    }

    /** Feeds lines to COPY ... FROM STDIN. */
    void copy(String statement, String lines) throws SQLException {
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement, new StringReader(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
