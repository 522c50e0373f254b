package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks the source whether all changes of the tables of a stream are being captured. The first question about hundreds of tables takes
 * long; how long is remembered across sessions. Not thread-safe.
 */
final class StreamSoundness {
    /** What the answer has in place of a table where it is about Rowrelay itself. */
    static final String NO_TABLE = "";

    private static final String OF_STREAM = """
            SELECT coalesce(format('%I.%I', n.nspname, c.relname), ''), p.problem, p.hint
            FROM rowrelay.stream_problems(?) p
            LEFT JOIN pg_class c ON c.oid = p.source_table LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
            ORDER BY 1, 2""";

    private static final String OF_TABLE = "SELECT ?::text, problem, hint FROM rowrelay.problems(?, "
            + RolePath.table("?") + ", ?) WHERE step < 7 ORDER BY 2";

    private record Problem(String table, String text) {}

    private final Consumer<Set<String>> found;
    private final LongWork asking = new LongWork(Duration.ofSeconds(20), System::nanoTime);

    /** The tables that something is wrong with go to {@code found} each time. */
    StreamSoundness(Consumer<Set<String>> found) {
        this.found = found;
    }

    /** Returns what is wrong with which table, by its name in the registry. */
    Map<String, List<String>> problems(Connection connection, Stream stream) throws SQLException, OutageException {
        Map<String, List<String>> problems = new LinkedHashMap<>();
        List<Problem> answer = asking.run(connection, () -> {
            List<Problem> all = ask(connection, stream);
            connection.commit();
            return all;
        });
        answer.forEach(problem -> problems.computeIfAbsent(problem.table(), none -> new ArrayList<>())
                .add(problem.text()));
        found.accept(problems.keySet());
        return problems;
    }

    private static List<Problem> ask(Connection connection, Stream stream) throws SQLException {
        boolean together = Query.one(
                connection,
                "SELECT to_regprocedure('rowrelay.stream_problems(text)') IS NOT NULL",
                row -> row.getBoolean(1));
        if (together) {
            return ask(connection, OF_STREAM, stream.name());
        }
        List<Problem> found = new ArrayList<>();
        for (CapturedTable table : stream.tables()) {
            found.addAll(ask(
                    connection,
                    OF_TABLE,
                    table.sourceTable(),
                    table.sourceTable(),
                    table.sourceTable(),
                    table.changeTable()));
        }
        return found;
    }

    private static List<Problem> ask(Connection connection, String sql, Object... parameters) throws SQLException {
        return Query.list(
                connection,
                sql,
                row -> new Problem(String.valueOf(row.getString(1)), row.getString(2) + " (" + row.getString(3) + ")"),
                parameters);
    }
}
