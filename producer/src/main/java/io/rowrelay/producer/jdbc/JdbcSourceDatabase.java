package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.ServerClock;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Timeline;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.SourceDatabase;
import io.rowrelay.producer.capture.SourceSession;
import io.rowrelay.stream.checkpoint.jdbc.SourceIdentityReader;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Opens sessions on a source PostgreSQL over a pool. Not thread-safe. */
public final class JdbcSourceDatabase implements SourceDatabase {
    /** What to read, and how much of it at once. */
    public record Stream(String name, String sourceTable, String changeTable, int pageSize, int largestValueBytes) {}

    private final HikariDataSource pool;
    private final Stream stream;
    private final Duration lookInterval;
    private final FlushRule flushRule;
    private final ServerClock clock;
    private final PeerWatch peer;
    private final WindowWork work = new WindowWork();

    /** One that publishes what is committed, whatever its standbys have. */
    public JdbcSourceDatabase(HikariDataSource pool, Stream stream, Duration lookInterval) {
        this(pool, stream, lookInterval, FlushRule.NONE, new ServerClock(Clock.systemUTC()), System::nanoTime);
    }

    /**
     * While nothing happens it looks for changes every {@code lookInterval}. The pool stays the caller's to close.
     *
     * @param flushRule which standbys must have a change first
     * @param clock is set by the source's
     * @param nanoClock gives the time in nanoseconds of any origin
     */
    public JdbcSourceDatabase(
            HikariDataSource pool,
            Stream stream,
            Duration lookInterval,
            FlushRule flushRule,
            ServerClock clock,
            LongSupplier nanoClock) {
        this.clock = clock;
        this.flushRule = flushRule;
        this.peer = new PeerWatch(stream.name(), stream.changeTable(), nanoClock);
        this.pool = pool;
        this.stream = stream;
        this.lookInterval = lookInterval;
    }

    @Override
    public Optional<String> idlePeer() {
        return peer.finding();
    }

    @Override
    public Optional<SourceSession> tryOpen() throws OutageException {
        Connection connection;
        try {
            connection = pool.getConnection();
        } catch (SQLException failure) {
            throw SqlFailures.outage("connecting to the source database", failure);
        }
        boolean opened = false;
        try {
            prepare(connection);
            refuseStandby(connection);
            if (!lock(connection)) {
                peer.look(connection);
                return Optional.empty();
            }
            SourceSession session = session(connection);
            opened = true;
            return Optional.of(session);
        } catch (SQLException failure) {
            throw SqlFailures.outage("opening a session on the source database", failure);
        } finally {
            if (!opened) {
                pool.evictConnection(connection);
            }
        }
    }

    /**
     * The plans must not hang on estimates, which are always stale at the tail of the table. A checkpoint lost with the
     * server's last moments only repeats some changes, so its commits need not wait for the disk.
     */
    static void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off; SET enable_bitmapscan = off;"
                    + " SET plan_cache_mode = force_generic_plan; SET synchronous_commit = off;"
                    + " SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0;"
                    // A policy that hides changes from the producer must be an error, not a loss.
                    + " SET row_security = off");
        }
        connection.commit();
    }

    private static void refuseStandby(Connection connection) throws SQLException, OutageException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new OutageException(
                        "the source database is a standby; changes are read from the primary only: point SOURCE_DB_URL"
                                + " at the primary, or wait for the promotion",
                        null);
            }
        }
    }

    private boolean lock(Connection connection) throws SQLException {
        boolean locked = StreamLock.tryTake(connection, stream.name());
        connection.commit();
        return locked;
    }

    private static void refuseOlderTables(Connection connection) throws SQLException, OutageException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('cdc_published') IS NULL")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new OutageException(
                        "Rowrelay's tables in the source are older than this producer: cdc_published is missing. What to do: run"
                                + " sql/source/*.sql in the source database again, in the order of their names",
                        null);
            }
        }
    }

    private SourceSession session(Connection connection) throws SQLException, OutageException {
        refuseOlderTables(connection);
        ChangeTable table = ChangeTableCatalog.read(connection, stream.sourceTable(), stream.changeTable());
        long systemIdentifier = SourceIdentityReader.systemIdentifier(connection);
        Optional<ChangeWait> wait = ChangeWait.of(connection, table, lookInterval);
        clock.read(connection);
        connection.commit();
        int timeline = Timeline.of(connection);
        return new JdbcSourceSession(
                pool,
                connection,
                table,
                new JdbcSourceSession.Cluster(systemIdentifier, timeline),
                new CaptureCheck(stream.sourceTable(), stream.changeTable(), clock),
                new CheckpointStore(connection, stream.name()),
                new WindowReader(connection, table, stream.pageSize(), stream.largestValueBytes(), work),
                wait,
                flushRule.isSet() ? Optional.of(new StandbyFlush(connection, flushRule)) : Optional.empty());
    }
}
