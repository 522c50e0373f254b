package io.rowrelay.admin.capture.jdbc;

import io.rowrelay.admin.capture.Capture;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.jdbc.SourceSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;

/** The functions of sql/source. What they refuse, they explain; that is what the user is told. */
public final class JdbcCapture implements Capture {
    private final SourceSessions source;

    public JdbcCapture(SourceSessions source) {
        this.source = source;
    }

    @Override
    public Plan planned(String table, String changeTable) throws OutageException {
        return source.run("looking at the capture of " + table, connection -> {
            List<String> refusals = new ArrayList<>();
            List<String> statements = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT problem, hint, repair FROM rowrelay.problems(?, to_regclass(?), ?) ORDER BY step, problem")) {
                statement.setString(1, table);
                statement.setString(2, table);
                statement.setString(3, changeTable);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        String repair = row.getString(3);
                        if (repair == null) {
                            refusals.add(row.getString(1) + " (" + row.getString(2) + ")");
                        } else {
                            statements.add(repair);
                        }
                    }
                }
            }
            return new Plan(refusals, statements);
        });
    }

    @Override
    public List<String> plannedRemoval(String table) throws OutageException {
        return source.run("looking at the capture of " + table, connection -> {
            List<String> statements = new ArrayList<>();
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT s FROM rowrelay.uncapture_statements(?::regclass) s")) {
                statement.setString(1, table);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        statements.add(row.getString(1));
                    }
                }
            } catch (SQLException refusal) {
                throw explained(refusal);
            }
            return statements;
        });
    }

    @Override
    public List<String> put(String table, String changeTable) throws OutageException {
        return call("capturing " + table, "SELECT cdc_capture(?::regclass, ?)", table, changeTable);
    }

    @Override
    public List<String> remove(String table) throws OutageException {
        return call("taking the capture off " + table, "SELECT cdc_uncapture(?::regclass)", table);
    }

    private List<String> call(String doing, String sql, String... parameters) throws OutageException {
        return source.run(doing, connection -> call(connection, sql, parameters));
    }

    private static List<String> call(Connection connection, String sql, String... parameters) throws SQLException {
        List<String> said = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int place = 0; place < parameters.length; place++) {
                statement.setString(place + 1, parameters[place]);
            }
            statement.execute();
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                said.add(String.valueOf(notice.getMessage()));
            }
        } catch (SQLException refusal) {
            throw explained(refusal);
        }
        return said;
    }

    /** What the server says of the request itself, with its hint; an outage goes on as one. */
    private static SQLException explained(SQLException failure) {
        if (SqlFailures.isCutShort(failure)) {
            return failure;
        }
        throw new CommandFailedException(String.valueOf(failure.getMessage()).replaceFirst("^ERROR: ", ""));
    }
}
