package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A condition on rows that the user has written in SQL.
 *
 * @param text as it was written; "true" for all rows
 */
public record Condition(String text) {
    private static final String ALL = "true";
    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

    public static Condition of(Optional<String> typed) {
        return new Condition(typed.orElse(ALL));
    }

    /** Whether it is true of every row. */
    public boolean isAll() {
        return text.equals(ALL);
    }

    /**
     * As a part of a statement with parameters: a question mark of its own is doubled, as JDBC asks for; a comment at its end
     * ends with its line.
     */
    public String sql() {
        StringBuilder sql = new StringBuilder("(\n");
        char quote = 0;
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
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

    /** Whether a question mark may be in a text of a form that {@link #sql} does not know. */
    public boolean isUnclear() {
        return text.contains("?")
                && (text.contains("\\'") || QUOTED.matcher(text).replaceAll("").contains("$"));
    }

    /**
     * PostgreSQL's error message for it, or nothing.
     *
     * @param table qualified and quoted
     */
    public Optional<String> refusal(Connection connection, String table) throws SQLException {
        if (text.isBlank()) {
            return Optional.of("it is empty");
        }
        if (isUnclear()) {
            return Optional.of(
                    "it has a question mark beside $ or \\', so that it is not clear where texts begin and end:"
                            + " write texts in single quotes, and a quote in them twice");
        }
        // As it is sent later, so that what would fail then fails now.
        String probe = "SELECT FROM " + table + " r WHERE " + sql() + " LIMIT 0";
        try (Statement begin = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement(probe)) {
            begin.execute("SET TRANSACTION READ ONLY");
            statement.execute();
            connection.rollback();
            return Optional.empty();
        } catch (SQLException failure) {
            connection.rollback();
            if (SqlFailures.isWrongStatement(failure)) {
                return Optional.of(SqlFailures.explain(failure));
            }
            throw failure;
        }
    }
}
