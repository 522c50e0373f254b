package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.ServerClock;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.common.jdbc.Timeline;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.producer.capture.SourceCluster;
import io.rowrelay.producer.capture.SourceDatabase;
import io.rowrelay.producer.capture.SourceSession;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.checkpoint.jdbc.SourceIdentityReader;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.jdbc.TableRights;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.table.jdbc.StreamRegistry;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Opens sessions on a source PostgreSQL over a pool. Not thread-safe. */
public final class JdbcSourceDatabase implements SourceDatabase {
    private final HikariDataSource pool;
    private final ServedStream stream;
    private final SourceOptions options;
    private final ServerClock clock;
    private final LongSupplier nanoClock;
    private final PeerWatch peer;
    private final StreamSoundness soundness;
    private final Map<CapturedTable, WindowWork> work = new HashMap<>();

    /** One by the system's clock. */
    public JdbcSourceDatabase(HikariDataSource pool, Stream stream, SourceOptions options) {
        this(pool, new ServedStream(stream), options, new ServerClock(Clock.systemUTC()), System::nanoTime);
    }

    /**
     * The pool stays the caller's to close.
     *
     * @param clock is set by the source's
     * @param nanoClock gives the time in nanoseconds of any origin
     */
    public JdbcSourceDatabase(
            HikariDataSource pool,
            ServedStream stream,
            SourceOptions options,
            ServerClock clock,
            LongSupplier nanoClock) {
        this.pool = pool;
        this.stream = stream;
        this.options = options;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.soundness = new StreamSoundness(stream::found);
        this.peer = new PeerWatch(() -> stream.served().orElse(stream.configured()), nanoClock);
    }

    @Override
    public Optional<String> idlePeer() {
        return peer.problem();
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
            InstalledVersion.SOURCE.require(connection);
            Optional<Registered> registered =
                    StreamRegistry.read(connection, stream.configured().name());
            TableRights.ofProducer(changeTables(connection, registered)).require(connection);
            // Before the lock: a standby has to know as well.
            stream.serve(registered.map(Registered::stream).orElse(stream.configured()));
            if (!lock(connection)) {
                peer.look(connection);
                return Optional.empty();
            }
            SourceSession session = session(connection, registered);
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
     * The plans must not depend on estimates, which are always stale at the tail of the table. If a crash of the server loses
     * the last checkpoint, some changes are only repeated, so its commits need not wait for the disk.
     */
    public static void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off; SET enable_bitmapscan = off;"
                    + " SET plan_cache_mode = force_generic_plan; SET synchronous_commit = off;"
                    + " SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0;");
        }
        connection.commit();
    }

    private List<String> changeTables(Connection connection, Optional<Registered> registered) throws SQLException {
        if (registered.isPresent()) {
            return registered.get().stream().tables().stream()
                    .map(CapturedTable::changeTable)
                    .toList();
        }
        List<String> names = new ArrayList<>();
        for (CapturedTable table : stream.configured().tables()) {
            ChangeTableCatalog.find(connection, table.sourceTable(), table.changeTable())
                    .ifPresent(names::add);
        }
        return names;
    }

    private static void refuseStandby(Connection connection) throws SQLException, OutageException {
        if (Standby.is(connection)) {
            throw new OutageException(
                    "the source database is a standby; changes are read from the primary only: point SOURCE_DB_URL"
                            + " at the primary, or wait for the promotion",
                    null);
        }
    }

    private boolean lock(Connection connection) throws SQLException {
        boolean locked = StreamLock.ofProducer(stream.configured().name()).tryTake(connection);
        connection.commit();
        return locked;
    }

    private SourceSession session(Connection connection, Optional<Registered> registered)
            throws SQLException, OutageException {
        long systemIdentifier = SourceIdentityReader.systemIdentifier(connection);
        connection.commit();
        SourceConnection source = new SourceConnection(
                connection,
                new SourceCluster(systemIdentifier, Timeline.of(connection)),
                new CheckpointStore(
                        connection, registered.map(Registered::stream).orElse(stream.configured())),
                clock);
        if (registered.isPresent()) {
            SourceSession session = new JdbcStreamSession(
                    pool,
                    source,
                    StreamCapture.open(source, registered.get(), options.unsoundTable(), soundness),
                    options,
                    work,
                    nanoClock);
            connection.commit();
            return session;
        }
        List<JdbcSourceTable> tables = new ArrayList<>();
        for (CapturedTable table : stream.configured().tables()) {
            WindowWork known = work.computeIfAbsent(table, added -> new WindowWork());
            tables.add(JdbcSourceTable.open(source, table, options, known));
        }
        Optional<ChangeWait> wait = ChangeWait.of(
                connection, tables.stream().map(JdbcSourceTable::changes).toList(), options.lookInterval());
        connection.commit();
        return new JdbcSourceSession(pool, source, tables, wait, StandbyFlush.of(connection, options.flushRule()));
    }
}
