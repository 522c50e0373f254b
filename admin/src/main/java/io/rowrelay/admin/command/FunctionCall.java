package io.rowrelay.admin.command;

import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** A statement that calls a function of the scripts, and what the database says meanwhile. */
public final class FunctionCall {
    private FunctionCall() {}

    /** Runs it in the transaction of the connection; returns its notices and warnings, each with its hint. */
    public static List<String> run(Connection connection, String sql, Object... parameters) throws SQLException {
        List<String> said = new ArrayList<>();
        try (PreparedStatement statement = RolePath.prepare(connection, sql)) {
            for (int position = 0; position < parameters.length; position++) {
                statement.setObject(position + 1, parameters[position]);
            }
            statement.execute();
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                said.add(text(notice));
            }
        }
        return said;
    }

    private static String text(SQLWarning notice) {
        ServerErrorMessage said = notice instanceof PSQLWarning driver ? driver.getServerErrorMessage() : null;
        String message = said == null ? String.valueOf(notice.getMessage()) : String.valueOf(said.getMessage());
        return said == null || said.getHint() == null ? message : message + ". " + said.getHint();
    }
}
