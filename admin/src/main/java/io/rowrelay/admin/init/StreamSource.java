package io.rowrelay.admin.init;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.FunctionCall;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions of sql/source for a stream of many tables. Each works in the transaction of the connection. */
record StreamSource(String stream) {
    private record Candidate(CapturePlan.Table table, Optional<String> problem) {}

    /** Names tables for the stream, and says what that comes to. Captures nothing. */
    CapturePlan name(Connection connection, List<String> patterns) throws SQLException {
        try {
            refuseTheNameOfAnother(connection);
            if (!patterns.isEmpty()) {
                Query.one(
                        connection,
                        "SELECT rowrelay.name_tables(?, ?)",
                        row -> true,
                        stream,
                        patterns.toArray(String[]::new));
            }
            List<CapturePlan.Table> candidates = new ArrayList<>();
            List<String> refused = new ArrayList<>();
            for (Candidate each : Query.list(
                    connection,
                    """
                    SELECT c.source_table::oid::bigint, c.source_table::text, c.problem
                    FROM rowrelay.stream_candidates(?) AS c""",
                    row -> new Candidate(
                            new CapturePlan.Table(row.getLong(1), row.getString(2)),
                            Optional.ofNullable(row.getString(3))),
                    stream)) {
                if (each.problem().isEmpty()) {
                    candidates.add(each.table());
                } else {
                    refused.add(each.problem().get());
                }
            }
            return new CapturePlan(patterns(connection), captured(connection), candidates, refused);
        } catch (SQLException failure) {
            throw explained(failure);
        }
    }

    /** Refuses tables without a key, whose changes do not tell which row they are about; they can be applied in cuts only. */
    static void requireKeys(Connection connection, CapturePlan plan) throws SQLException {
        List<String> keyless = Query.list(
                connection,
                "SELECT t::oid::regclass::text FROM unnest(?::bigint[]) AS t WHERE rowrelay.key_index(t::oid::regclass) IS NULL ORDER BY 1",
                row -> row.getString(1),
                (Object) plan.all().stream().map(CapturePlan.Table::oid).toArray(Long[]::new));
        if (!keyless.isEmpty()) {
            throw new CommandFailedException("tables without a key cannot be applied row by row: "
                    + String.join(", ", keyless)
                    + ". Give each a primary key, or a unique index over columns that are NOT NULL; or"
                    + " leave them out, as with --tables '!" + keyless.get(0)
                    + "'; or apply the stream in cuts, with --mode cuts");
        }
    }

    /** The checkpoint of a stream of one table would be taken for that of this one. */
    private void refuseTheNameOfAnother(Connection connection) throws SQLException {
        boolean another = Query.one(connection, """
                SELECT EXISTS (SELECT FROM {cdc_offset} AS o WHERE o.stream = ?)
                   AND NOT EXISTS (SELECT FROM rowrelay.stream AS s WHERE s.name = ?)""", row -> row.getBoolean(1), stream, stream);
        if (another) {
            throw new CommandFailedException("stream " + stream
                    + " is one of a single table, and has published already: give this stream another name");
        }
    }

    private List<String> patterns(Connection connection) throws SQLException {
        return Query.first(
                        connection,
                        "SELECT patterns FROM rowrelay.stream WHERE name = ?",
                        row -> List.of((String[]) row.getArray(1).getArray()),
                        stream)
                .orElseThrow(() -> new CommandFailedException("the source has no stream " + stream
                        + " of many tables yet: say which tables it has with --tables, such as --tables 'public.*'"));
    }

    /** The tables that are in the stream. */
    List<CapturePlan.Table> captured(Connection connection) throws SQLException {
        return Query.list(connection, """
                SELECT t.source_table::oid::bigint, t.source_table::text
                FROM rowrelay.stream_table AS t JOIN pg_class AS c ON c.oid = t.source_table
                WHERE t.stream = ? ORDER BY 2""", row -> new CapturePlan.Table(row.getLong(1), row.getString(2)), stream);
    }

    /** Problems of the captures of the stream, by the table; what is sound is noted, so that nobody checks it again. */
    Map<CapturePlan.Table, String> problems(Connection connection) throws SQLException {
        Map<CapturePlan.Table, String> found = new LinkedHashMap<>();
        Query.list(
                connection,
                """
                SELECT p.source_table::oid::bigint, p.source_table::text, string_agg(p.problem, '; ')
                FROM rowrelay.stream_problems(?) AS p WHERE p.source_table IS NOT NULL
                GROUP BY p.source_table ORDER BY 2""",
                row -> found.put(new CapturePlan.Table(row.getLong(1), row.getString(2)), row.getString(3)),
                stream);
        return found;
    }

    /** Captures one table into the stream, or repairs its capture. A lock that it does not get soon is an SQLException of its own. */
    List<String> capture(Connection connection, CapturePlan.Table table) throws SQLException {
        return FunctionCall.run(
                connection, "SELECT rowrelay.capture_into(?, ?::bigint::oid::regclass)", stream, table.oid());
    }

    /** Lets a role publish the stream. */
    List<String> grant(Connection connection, String role) throws SQLException {
        OwnPath.take(connection);
        return FunctionCall.run(
                connection,
                "SELECT " + RolePath.schema(connection, "cdc_offset") + ".cdc_grant_stream(?, ?::name)",
                stream,
                role);
    }

    /** What the server says of the request itself, with its hint; an outage goes on as one, and so does a lock that others hold. */
    static SQLException explained(SQLException failure) {
        if (SqlFailures.isCutShort(failure) || SqlFailures.isBusy(failure)) {
            return failure;
        }
        throw new CommandFailedException(SqlFailures.explain(failure));
    }
}
