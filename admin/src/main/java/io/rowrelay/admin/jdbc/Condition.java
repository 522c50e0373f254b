package io.rowrelay.admin.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A condition on rows that the user has written in SQL.
 *
 * @param text as it was written; "true" for all rows
 */
record Condition(String text) {
    static Condition of(Optional<String> typed) {
        return new Condition(typed.orElse("true"));
    }

    /**
     * As a part of a statement with parameters: a question mark of its own is doubled, as JDBC asks for; a comment at its end
     * ends with its line.
     */
    String sql() {
        StringBuilder sql = new StringBuilder("(\n");
        char quote = 0;
        for (int place = 0; place < text.length(); place++) {
            char character = text.charAt(place);
            if (character == quote) {
                quote = 0;
            } else if (quote == 0 && (character == '\'' || character == '"')) {
                quote = character;
            }
            sql.append(character);
            if (character == '?' && quote == 0) {
                sql.append(character);
            }
        }
        return sql.append("\n)").toString();
    }

    /**
     * What PostgreSQL says against it, or nothing.
     *
     * @param table qualified and quoted
     */
    Optional<String> refusal(Connection connection, String table) throws SQLException {
        if (text.isBlank()) {
            return Optional.of("it is empty");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION READ ONLY");
            statement.setEscapeProcessing(false);
            statement.execute("SELECT FROM " + table + " r WHERE (\n" + text + "\n) LIMIT 0");
            connection.rollback();
            return Optional.empty();
        } catch (SQLException failure) {
            connection.rollback();
            String state = String.valueOf(SqlFailures.sqlState(failure));
            if (state.startsWith("42") || state.startsWith("22") || state.startsWith("0A") || state.startsWith("25")) {
                return Optional.of(SqlFailures.describe(failure));
            }
            throw failure;
        }
    }
}
