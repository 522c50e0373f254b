package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.stream.Stream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures tables that are new in the source and fit the patterns of the stream, where the installer has granted that. The tables are
 * looked through only when there are other ones than at the last look. One thread steps it, not the loop's.
 */
public final class NewTables implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(NewTables.class);

    private static final String ALLOWED = "SELECT coalesce(has_function_privilege("
            + "to_regprocedure('rowrelay.capture_new_table(text)'), 'EXECUTE'), false)";

    /** A new table has a new object id, and new patterns are in a new version of their row. */
    private static final String THERE = """
            SELECT concat_ws(' ', count(*), max(c.oid::bigint), (SELECT s.xmin FROM rowrelay.stream s WHERE s.name = ?))
            FROM pg_class c WHERE c.relkind IN ('r', 'p')""";

    private record Captured(String table, Optional<String> problem) {}

    private final HikariDataSource pool;
    private final ServedStream served;
    private String seen = "";

    /** The pool stays the caller's to close. */
    public NewTables(HikariDataSource pool, ServedStream served) {
        this.pool = pool;
        this.served = served;
    }

    @Override
    public int step() throws OutageException {
        Optional<Stream> stream = served.served().filter(Stream::inCuts);
        if (stream.isEmpty()) {
            return 0;
        }
        try (Connection connection = pool.getConnection()) {
            int tables = 0;
            while (capture(connection, stream.get().name())) {
                tables++;
            }
            return tables;
        } catch (SQLException failure) {
            throw SqlFailures.outage(
                    "capturing new tables into stream " + stream.get().name(), failure);
        }
    }

    private boolean capture(Connection connection, String stream) throws SQLException {
        if (Standby.is(connection) || !Query.one(connection, ALLOWED, row -> row.getBoolean(1))) {
            return false;
        }
        String there = Query.one(connection, THERE, row -> row.getString(1), stream);
        if (there.equals(seen)) {
            return false;
        }
        List<Captured> captured = Query.list(
                connection,
                "SELECT source_table::text, problem FROM rowrelay.capture_new_table(?)",
                row -> new Captured(String.valueOf(row.getString(1)), Optional.ofNullable(row.getString(2))),
                stream);
        captured.forEach(each -> each.problem()
                .ifPresentOrElse(
                        problem -> LOG.warn("cannot capture new table={}: {}", each.table(), problem),
                        () -> LOG.info("captured new table={}", each.table())));
        boolean more = captured.stream().anyMatch(each -> each.problem().isEmpty());
        // What it has made is new as well; after the last one nothing is.
        seen = more ? "" : there;
        return more;
    }
}
