package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.jdbc.ScanFront;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Removes changes that are published and older than the retention, a small chunk a step, from the front of a change
 * table. Never by age alone: what the stored checkpoint does not cover stays. How far it came is noted in the very
 * statement, so that a published change that is missing beyond it was lost, not removed. Not thread-safe.
 */
public final class Retention implements Task {
    private static final int CHUNK = 2_000;

    private final HikariDataSource pool;
    private final String stream;
    private final CapturedTable captured;
    private final Duration retention;
    private final IntConsumer removed;
    private final LongWork removing;
    private final ScanFront<Long> front;

    /**
     * The pool stays the caller's to close; {@code removed} gets the size of each chunk. Time comes from {@code nanoClock},
     * in nanoseconds of any origin.
     */
    public Retention(
            HikariDataSource pool,
            String stream,
            CapturedTable captured,
            Duration retention,
            IntConsumer removed,
            LongSupplier nanoClock) {
        this.pool = pool;
        this.stream = stream;
        this.captured = captured;
        this.retention = retention;
        this.removed = removed;
        this.removing = new LongWork(nanoClock);
        this.front = new ScanFront<>(0L, nanoClock);
    }

    /** Returns 0 also where less than half a chunk could be removed: what becomes old next gathers for a while. */
    @Override
    public int step() throws OutageException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int rows = removing.run(connection, () -> removeChunk(connection));
            removed.accept(rows);
            return rows < CHUNK / 2 ? 0 : rows;
        } catch (SQLException failure) {
            throw SqlFailures.outage("removing published changes from " + captured.changeTable(), failure);
        }
    }

    /**
     * Only the first rows are looked at, so that a step costs the same whatever waits behind them; and rows that somebody
     * holds are left to a later step, since the thread that waits here is the one that publishes. They are handed on as arrays,
     * which leave the planner nothing to do but look them up: joined, every row of a table that was vacuumed while it was empty
     * would be compared with each of them.
     */
    private int removeChunk(Connection connection) throws SQLException, OutageException {
        String table = ChangeTableCatalog.read(connection, captured.sourceTable(), captured.changeTable())
                .name();
        try (PreparedStatement statement = connection.prepareStatement(
                """
                WITH first AS MATERIALIZED (
                    SELECT action_id FROM %1$s WHERE action_id >= ? ORDER BY action_id LIMIT ?),
                gone AS (DELETE FROM %1$s WHERE action_id = ANY (ARRAY(
                    SELECT c.action_id FROM %1$s c
                    WHERE c.action_id = ANY (ARRAY(SELECT action_id FROM first))
                      AND c.changed_at < now() - make_interval(secs => ?)
                      AND %2$s
                    FOR UPDATE OF c SKIP LOCKED)) RETURNING action_id, changed_at, xid),
                noted AS (UPDATE cdc_offset o SET removed_until = greatest(o.removed_until, g.newest),
                                                  removed_xid = greatest(o.removed_xid, g.last)
                    FROM (SELECT max(changed_at) AS newest, (SELECT xid FROM gone ORDER BY xid DESC LIMIT 1) AS last
                          FROM gone) g WHERE o.stream = ? AND g.newest IS NOT NULL)
                SELECT (SELECT count(*) FROM gone),
                       coalesce((SELECT min(action_id) FROM first WHERE action_id NOT IN (SELECT action_id FROM gone)),
                                (SELECT max(action_id) + 1 FROM first), ?)""".formatted(table, WindowRule.visible("c", "(SELECT snapshot FROM cdc_offset WHERE stream = ?)")))) {
            long begin = front.get();
            statement.setLong(1, begin);
            statement.setInt(2, CHUNK);
            statement.setDouble(3, retention.toMillis() / 1000.0);
            statement.setString(4, stream);
            statement.setString(5, stream);
            statement.setLong(6, begin);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int rows = row.getInt(1);
                long next = row.getLong(2);
                connection.commit();
                front.moveTo(next);
                return rows;
            }
        }
    }
}
