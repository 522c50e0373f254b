package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.jdbc.ScanFront;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * When a tombstone expires: once it is older than TOMBSTONE_RETENTION, which must not be shorter than the retention of the
 * stream's topics (doctor compares the two). Removes a small chunk a step. Not thread-safe.
 */
public final class TombstoneRetention implements Task {
    private static final int CHUNK = 1_000;

    private final HikariDataSource pool;
    private final String stream;
    private final Duration retention;
    private final IntConsumer removed;
    private final LongWork removing;
    private final ScanFront<String> front;

    /**
     * The pool stays the caller's to close; {@code removed} gets the size of each chunk. Time comes from {@code nanoClock},
     * in nanoseconds of any origin.
     */
    public TombstoneRetention(
            HikariDataSource pool, String stream, Duration retention, IntConsumer removed, LongSupplier nanoClock) {
        this.pool = pool;
        this.stream = stream;
        this.retention = retention;
        this.removed = removed;
        this.removing = new LongWork(nanoClock);
        this.front = new ScanFront<>("-infinity", nanoClock);
    }

    /** Returns 0 also when it removed less than half a chunk: the next chunk should have time to fill. */
    @Override
    public int step() throws OutageException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int rows = removing.run(connection, () -> removeChunk(connection));
            removed.accept(rows);
            return rows < CHUNK / 2 ? 0 : rows;
        } catch (SQLException failure) {
            throw SqlFailures.outage("removing old tombstones", failure);
        }
    }

    /**
     * Their row addresses as an array, which can only be looked up: a join could compare every tombstone with each of them. The
     * oldest by the one index that has them in their order: the stream is asked for in a way that no index serves, and a range that the
     * planner takes for small must not be read as a whole and sorted.
     */
    private int removeChunk(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL enable_bitmapscan = off");
        }
        try (PreparedStatement statement = RolePath.prepare(connection, """
                WITH gone AS (DELETE FROM {cdc_tombstone} WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM {cdc_tombstone}
                    WHERE (stream IS NOT DISTINCT FROM ? OR starts_with(stream, ?))
                      AND deleted_at >= ?::timestamptz AND deleted_at < now() - make_interval(secs => ?)
                    ORDER BY deleted_at LIMIT ? FOR UPDATE SKIP LOCKED)) RETURNING deleted_at)
                SELECT count(*), coalesce(max(deleted_at)::text, ?) FROM gone""")) {
            String begin = front.get();
            statement.setString(1, stream);
            statement.setString(2, TableStream.prefix(stream));
            statement.setString(3, begin);
            statement.setDouble(4, retention.toMillis() / 1000.0);
            statement.setInt(5, CHUNK);
            statement.setString(6, begin);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int rows = row.getInt(1);
                String next = row.getString(2);
                connection.commit();
                front.moveTo(next);
                return rows;
            }
        }
    }
}
