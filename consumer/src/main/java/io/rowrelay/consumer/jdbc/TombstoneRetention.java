package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntConsumer;

/** Forgets deletions that are older than any record Kafka still keeps, a small chunk a step. Not thread-safe. */
public final class TombstoneRetention implements Task {
    private static final int CHUNK = 1_000;

    private final HikariDataSource pool;
    private final String stream;
    private final Duration retention;
    private final IntConsumer removed;
    private final LongWork removing = new LongWork(System::nanoTime);

    /** The pool stays the caller's to close; {@code removed} is told the size of each chunk. */
    public TombstoneRetention(HikariDataSource pool, String stream, Duration retention, IntConsumer removed) {
        this.pool = pool;
        this.stream = stream;
        this.retention = retention;
        this.removed = removed;
    }

    @Override
    public int step() throws TransientFailureException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int rows = removing.run(connection, () -> removeChunk(connection));
            removed.accept(rows);
            return rows;
        } catch (SQLException failure) {
            throw SqlFailures.outage("removing old tombstones", failure);
        }
    }

    /** The keys as an array, which can only be looked up: a join could compare every tombstone with each of them. */
    private int removeChunk(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                DELETE FROM cdc_tombstone WHERE stream = ? AND key = ANY (ARRAY(
                    SELECT key FROM cdc_tombstone
                    WHERE stream = ? AND deleted_at < now() - make_interval(secs => ?)
                    ORDER BY deleted_at LIMIT ? FOR UPDATE SKIP LOCKED))""")) {
            statement.setString(1, stream);
            statement.setString(2, stream);
            statement.setDouble(3, retention.toMillis() / 1000.0);
            statement.setInt(4, CHUNK);
            int rows = statement.executeUpdate();
            connection.commit();
            return rows;
        }
    }
}
