package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RolePath;
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
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Removes changes that are published and older than the retention, a small chunk a step, from the front of a change
 * table. Never by age alone: what the stored checkpoint does not cover stays. The same statement notes how far it came: a
 * published change that is missing after that was lost, not removed. Not thread-safe.
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

    /** Returns 0 also when it removed less than half a chunk: the next chunk should have time to fill. */
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
     * Looks only at the first rows, so that a step costs the same however many follow. Leaves locked rows to a later step,
     * since the thread that would wait is the one that publishes. Passes the rows on as arrays, so that the planner can only
     * look them up: with a join, it would compare every row with each of them if the table was empty at its last vacuum.
     */
    private int removeChunk(Connection connection) throws SQLException, OutageException {
        Optional<String> found = ChangeTableCatalog.find(connection, captured.sourceTable(), captured.changeTable());
        String table = found.isPresent()
                ? found.get()
                : ChangeTableCatalog.read(connection, captured.sourceTable(), captured.changeTable())
                        .name();
        try (PreparedStatement statement = RolePath.prepare(connection, """
                WITH first AS MATERIALIZED (
                    SELECT action_id FROM %1$s WHERE action_id >= ? ORDER BY action_id LIMIT ?),
                gone AS (DELETE FROM %1$s WHERE action_id = ANY (ARRAY(
                    SELECT c.action_id FROM %1$s c
                    WHERE c.action_id = ANY (ARRAY(SELECT action_id FROM first))
                      AND c.changed_at < now() - make_interval(secs => ?)
                      AND %2$s
                    FOR UPDATE OF c SKIP LOCKED)) RETURNING action_id, changed_at, xid),
                noted AS (UPDATE {cdc_offset} o SET removed_until = greatest(o.removed_until, g.newest),
                                                  removed_xid = greatest(o.removed_xid, g.last)
                    FROM (SELECT max(changed_at) AS newest, (SELECT xid FROM gone ORDER BY xid DESC LIMIT 1) AS last
                          FROM gone) g WHERE o.stream = ? AND g.newest IS NOT NULL)
                SELECT (SELECT count(*) FROM gone),
                       coalesce((SELECT min(action_id) FROM first WHERE action_id NOT IN (SELECT action_id FROM gone)),
                                (SELECT max(action_id) + 1 FROM first), ?)""".formatted(
                        table, WindowRule.visible("c", "(SELECT snapshot FROM {cdc_offset} WHERE stream = ?)")))) {
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
