package io.rowrelay.admin.capture;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions of sql/source that capture a table. What they refuse, they explain. Names are as in SQL. */
record CaptureFunctions(Database source) {
    /**
     * What it would take to capture the table, or to repair its capture.
     *
     * @param refusals why it cannot be done; empty when it can
     * @param statements what would be run; empty when the capture is sound
     */
    record Plan(List<String> refusals, List<String> statements) {}

    /** Looks what capturing would do. */
    Plan planned(String table, String changeTable) throws OutageException {
        return source.change("looking at the capture of " + table, connection -> {
            List<String> refusals = new ArrayList<>();
            List<String> statements = new ArrayList<>();
            Query.list(
                    connection,
                    "SELECT problem, hint, repair FROM rowrelay.problems(?, " + RolePath.table("?")
                            + ", ?) ORDER BY step, problem",
                    row -> {
                        String repair = row.getString(3);
                        return repair == null
                                ? refusals.add(row.getString(1) + " (" + row.getString(2) + ")")
                                : statements.add(repair);
                    },
                    table,
                    table,
                    changeTable);
            return new Plan(refusals, statements);
        });
    }

    /** Looks what taking the capture off would do. */
    List<String> plannedRemoval(String table) throws OutageException {
        return source.change("looking at the capture of " + table, connection -> {
            try {
                return Query.list(
                        connection,
                        "SELECT s FROM rowrelay.uncapture_statements(?::regclass) s",
                        row -> row.getString(1),
                        qualified(connection, table));
            } catch (SQLException refusal) {
                throw explained(refusal);
            }
        });
    }

    /** Captures, and returns what the database has said meanwhile. */
    List<String> capture(String table, String changeTable) throws OutageException {
        return call("capturing " + table, "cdc_capture(?::regclass, ?::text)", table, changeTable);
    }

    /** Takes the capture off, and returns what the database has said meanwhile. */
    List<String> uncapture(String table) throws OutageException {
        return call("stopping the capture of " + table, "cdc_uncapture(?::regclass)", table);
    }

    private List<String> call(String doing, String function, String table, String... further) throws OutageException {
        return source.change(doing, connection -> {
            // All that the scripts make is in the schema of that table.
            String sql = "SELECT " + RolePath.schema(connection, "cdc_offset") + "." + function;
            List<String> parameters = new ArrayList<>(List.of(qualified(connection, table)));
            parameters.addAll(List.of(further));
            return call(connection, sql, parameters);
        });
    }

    private static List<String> call(Connection connection, String sql, List<String> parameters) throws SQLException {
        List<String> said = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int place = 0; place < parameters.size(); place++) {
                statement.setString(place + 1, parameters.get(place));
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

    private static String qualified(Connection connection, String table) throws SQLException {
        return Query.first(
                        connection,
                        "SELECT " + RolePath.table("?") + "::text",
                        row -> Optional.ofNullable(row.getString(1)),
                        table)
                .orElse(Optional.empty())
                .orElseThrow(() -> new CommandFailedException("relation \"" + table
                        + "\" does not exist, or its schema is not on the search_path of the role"));
    }

    /** What the server says of the request itself, with its hint; an outage goes on as one. */
    private static SQLException explained(SQLException failure) {
        if (SqlFailures.isCutShort(failure)) {
            return failure;
        }
        throw new CommandFailedException(String.valueOf(failure.getMessage()).replaceFirst("^ERROR: ", ""));
    }
}
