package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** Forgets deletions that are older than any record Kafka still keeps, a small chunk a step. Not thread-safe. */
public final class TombstoneRetention implements Task {
    private static final int CHUNK = 1_000;
    private static final String THE_FIRST = "-infinity";
    /** A deletion that was committed late, or that somebody held, can be older than others that are gone already. */
    private static final Duration FROM_THE_FIRST = Duration.ofHours(1);

    private final HikariDataSource pool;
    private final String stream;
    private final Duration retention;
    private final IntConsumer removed;
    private final LongSupplier nanoClock;
    private final LongWork removing;
    private String front = THE_FIRST;
    private long fromTheFirstAt;

    /**
     * The pool stays the caller's to close; {@code removed} is told the size of each chunk. Time comes from {@code nanoClock},
     * in nanoseconds of any origin.
     */
    public TombstoneRetention(
            HikariDataSource pool, String stream, Duration retention, IntConsumer removed, LongSupplier nanoClock) {
        this.pool = pool;
        this.stream = stream;
        this.retention = retention;
        this.removed = removed;
        this.nanoClock = nanoClock;
        this.removing = new LongWork(nanoClock);
        this.fromTheFirstAt = nanoClock.getAsLong();
    }

    /** Returns 0 also where less than a chunk was left to remove: what becomes old next can gather until there is a chunk again. */
    @Override
    public int step() throws TransientFailureException {
        long now = nanoClock.getAsLong();
        if (now - fromTheFirstAt >= FROM_THE_FIRST.toNanos()) {
            front = THE_FIRST;
            fromTheFirstAt = now;
        }
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int rows = removing.run(connection, () -> removeChunk(connection));
            removed.accept(rows);
            return rows < CHUNK ? 0 : rows;
        } catch (SQLException failure) {
            throw SqlFailures.outage("removing old tombstones", failure);
        }
    }

    /**
     * The keys as arrays, which can only be looked up: a join could compare every tombstone with each of them. From where the
     * last step ended: while a transaction is open that began before, what is removed stays in the index, and each step would
     * pass over all of it. Whether the first are old enough is asked afterwards, since a range that seems small is read as a
     * whole and sorted.
     */
    private int removeChunk(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                WITH gone AS (DELETE FROM cdc_tombstone WHERE stream = ? AND key = ANY (ARRAY(
                    SELECT t.key FROM cdc_tombstone t
                    WHERE t.stream = ? AND t.deleted_at < now() - make_interval(secs => ?)
                      AND t.key = ANY (ARRAY(SELECT key FROM cdc_tombstone WHERE stream = ? AND deleted_at >= ?::timestamptz
                                             ORDER BY deleted_at LIMIT ?))
                    FOR UPDATE SKIP LOCKED)) RETURNING deleted_at)
                SELECT count(*), coalesce(max(deleted_at)::text, ?) FROM gone""")) {
            statement.setString(1, stream);
            statement.setString(2, stream);
            statement.setDouble(3, retention.toMillis() / 1000.0);
            statement.setString(4, stream);
            statement.setString(5, front);
            statement.setInt(6, CHUNK);
            statement.setString(7, front);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int rows = row.getInt(1);
                String next = row.getString(2);
                connection.commit();
                front = next;
                return rows;
            }
        }
    }
}
