package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.capture.PublishedHistory;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.SourceCluster;
import io.rowrelay.producer.capture.SourceSession;
import io.rowrelay.producer.capture.TableCapture;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.table.jdbc.StreamRegistry;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session on a stream of the registry, over one pooled connection, which is thrown away at the end so that the lock goes with it. It
 * ends when other tables are in the registry: the next one has them.
 */
final class JdbcStreamSession implements SourceSession {
    private static final Duration REGISTRY_INTERVAL = Duration.ofSeconds(2);

    private final HikariDataSource pool;
    private final SourceConnection source;
    private final StreamCapture capture;
    private final Registered registered;
    private final SourceOptions options;
    private final Map<CapturedTable, WindowWork> work;
    private final LongSupplier nanoClock;
    private final Optional<StreamWait> wait;
    private final Optional<StandbyFlush> flush;
    private long registryReadAt;
    private @Nullable StreamReader reader;

    JdbcStreamSession(
            HikariDataSource pool,
            SourceConnection source,
            StreamCapture capture,
            SourceOptions options,
            Map<CapturedTable, WindowWork> work,
            LongSupplier nanoClock)
            throws SQLException {
        this.pool = pool;
        this.source = source;
        this.capture = capture;
        this.registered = capture.published();
        this.options = options;
        this.work = work;
        this.nanoClock = nanoClock;
        this.wait = ChangeWait.ofStream(source.connection(), registered.actionIds(), options.lookInterval());
        this.flush = StandbyFlush.of(source.connection(), options.flushRule());
        this.registryReadAt = nanoClock.getAsLong();
    }

    @Override
    public SourceCluster cluster() {
        return source.cluster();
    }

    @Override
    public List<TableCapture> tables() {
        return List.of(capture);
    }

    @Override
    public Optional<String> unflushed() throws OutageException {
        return StandbyFlush.missing(flush);
    }

    @Override
    public Checkpoint checkpoint() throws OutageException {
        try {
            return source.checkpoints().load(registered);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the checkpoint in the source database", failure);
        }
    }

    @Override
    public Page read(Checkpoint from) throws OutageException {
        try {
            endWithTheRegistry();
            return reader(from).read(from);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading changes from the source database", failure);
        }
    }

    private StreamReader reader(Checkpoint from) throws SQLException {
        StreamReader known = reader;
        if (known == null) {
            long epoch = source.checkpoints().nextEpoch();
            known = new StreamReader(source.connection(), registered, options, work, epoch, from, nanoClock);
            reader = known;
        }
        return known;
    }

    private void endWithTheRegistry() throws SQLException, OutageException {
        if (nanoClock.getAsLong() - registryReadAt < REGISTRY_INTERVAL.toNanos()) {
            return;
        }
        registryReadAt = nanoClock.getAsLong();
        String version =
                StreamRegistry.version(source.connection(), registered.stream().name());
        source.connection().commit();
        if (!version.equals(registered.version())) {
            throw new OutageException(
                    "the tables of stream " + registered.stream().name()
                            + " have changed; beginning again with those of now",
                    null);
        }
    }

    @Override
    public boolean awaitChanges(Checkpoint after) throws OutageException {
        if (wait.isEmpty()) {
            return false;
        }
        try {
            StreamReader known = reader(after);
            wait.get().await(known.lookedTo().toString(), known.look());
            return true;
        } catch (SQLException failure) {
            throw SqlFailures.outage("waiting for changes in the source database", failure);
        }
    }

    @Override
    public PublishedHistory history() {
        return new JdbcPublishedHistory(source.connection(), source.checkpoints());
    }

    @Override
    public void save(Checkpoint checkpoint, PublishedOffsets published) throws OutageException {
        source.save(checkpoint, published);
    }

    @Override
    public Optional<String> pause() throws OutageException {
        return source.pause();
    }

    @Override
    public void close() {
        pool.evictConnection(source.connection());
    }
}
