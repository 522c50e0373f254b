package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase.Stream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Removes changes that are published and older than the retention, a small chunk a step, from the front of the change
 * table. Never by age alone: what the stored checkpoint does not cover stays. Not thread-safe.
 */
public final class Retention implements Task {
    private static final int CHUNK = 1_000;

    private final HikariDataSource pool;
    private final Stream stream;
    private final Duration retention;
    private final IntConsumer removed;

    /** The pool stays the caller's to close; {@code removed} is told the size of each chunk. */
    public Retention(HikariDataSource pool, Stream stream, Duration retention, IntConsumer removed) {
        this.pool = pool;
        this.stream = stream;
        this.retention = retention;
        this.removed = removed;
    }

    @Override
    public int step() throws TransientFailureException {
        try (Connection connection = pool.getConnection()) {
            int rows = removeChunk(connection);
            removed.accept(rows);
            return rows;
        } catch (SQLException failure) {
            throw SqlFailures.outage("removing published changes from " + stream.changeTable(), failure);
        }
    }

    /** Only the first rows are looked at, so that a step costs the same whatever waits behind them. */
    private int removeChunk(Connection connection) throws SQLException {
        String table;
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
                        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?)""")) {
            statement.setString(1, stream.changeTable());
            try (var row = statement.executeQuery()) {
                if (!row.next()) {
                    return 0;
                }
                table = row.getString(1);
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                DELETE FROM %1$s WHERE action_id = ANY (ARRAY(
                    SELECT oldest.action_id
                    FROM (SELECT action_id, xid, changed_at FROM %1$s ORDER BY action_id LIMIT ?) oldest
                    JOIN cdc_offset o ON o.stream = ? AND pg_visible_in_snapshot(oldest.xid, o.snapshot)
                    WHERE oldest.changed_at < now() - make_interval(secs => ?)))""".formatted(table))) {
            statement.setInt(1, CHUNK);
            statement.setString(2, stream.name());
            statement.setDouble(3, retention.toMillis() / 1000.0);
            return statement.executeUpdate();
        }
    }
}
