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
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A session on the source over one pooled connection, which is thrown away at the end so that the lock goes with it. */
final class JdbcSourceSession implements SourceSession {
    private final HikariDataSource pool;
    private final SourceConnection source;
    private final List<JdbcSourceTable> tables;
    private final Optional<ChangeWait> wait;
    private final Optional<StandbyFlush> flush;

    JdbcSourceSession(
            HikariDataSource pool,
            SourceConnection source,
            List<JdbcSourceTable> tables,
            Optional<ChangeWait> wait,
            Optional<StandbyFlush> flush) {
        this.pool = pool;
        this.source = source;
        this.tables = List.copyOf(tables);
        this.wait = wait;
        this.flush = flush;
    }

    @Override
    public SourceCluster cluster() {
        return source.cluster();
    }

    @Override
    public List<TableCapture> tables() {
        return List.copyOf(tables);
    }

    @Override
    public Optional<String> unflushed() throws OutageException {
        return StandbyFlush.missing(flush);
    }

    @Override
    public Checkpoint checkpoint() throws OutageException {
        try {
            return source.checkpoints()
                    .load(tables.stream().map(JdbcSourceTable::changes).toList());
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the checkpoint in the source database", failure);
        }
    }

    @Override
    public Page read(Checkpoint from) throws OutageException {
        try {
            return tables.get(0).read(from);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading changes from the source database", failure);
        }
    }

    @Override
    public boolean awaitChanges(Checkpoint after) throws OutageException {
        if (wait.isEmpty()) {
            return false;
        }
        try {
            wait.get().await(after.snapshot());
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
