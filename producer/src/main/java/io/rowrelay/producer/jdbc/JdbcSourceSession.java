package io.rowrelay.producer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.capture.PublishedHistory;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.SourceSession;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A session on the source over one pooled connection, which is thrown away at the end so that the lock goes with it. */
final class JdbcSourceSession implements SourceSession {
    private final HikariDataSource pool;
    private final Connection connection;
    private final ChangeTable table;
    private final Cluster cluster;
    private final CaptureCheck check;
    private final CheckpointStore checkpoints;
    private final WindowReader reader;
    private final Optional<ChangeWait> wait;
    private final Optional<StandbyFlush> flush;

    /**
     * What the session is on.
     *
     * @param systemIdentifier of the cluster, which its standbys share
     * @param timeline which a promotion raises; 0 when it is not known
     */
    record Cluster(long systemIdentifier, int timeline) {}

    JdbcSourceSession(
            HikariDataSource pool,
            Connection connection,
            ChangeTable table,
            Cluster cluster,
            CaptureCheck check,
            CheckpointStore checkpoints,
            WindowReader reader,
            Optional<ChangeWait> wait,
            Optional<StandbyFlush> flush) {
        this.pool = pool;
        this.connection = connection;
        this.table = table;
        this.cluster = cluster;
        this.check = check;
        this.checkpoints = checkpoints;
        this.reader = reader;
        this.wait = wait;
        this.flush = flush;
    }

    @Override
    public long systemIdentifier() {
        return cluster.systemIdentifier();
    }

    @Override
    public int timeline() {
        return cluster.timeline();
    }

    @Override
    public Optional<String> unflushed() throws OutageException {
        if (flush.isEmpty()) {
            return Optional.empty();
        }
        try {
            return flush.get().missing();
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the source database how far its standbys are", failure);
        }
    }

    @Override
    public void compare(List<PublishedChange> published) throws OutageException {
        try {
            checkpoints.refuseContradictions(table, published, cluster.timeline());
        } catch (SQLException failure) {
            throw SqlFailures.outage("comparing the topic with the source database", failure);
        }
    }

    @Override
    public Checkpoint checkpoint() throws OutageException {
        try {
            return checkpoints.load(table);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the checkpoint in the source database", failure);
        }
    }

    @Override
    public Page read(Checkpoint from) throws OutageException {
        try {
            return reader.read(from);
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
        return new JdbcPublishedHistory(connection, checkpoints);
    }

    @Override
    public void save(Checkpoint checkpoint, PublishedOffsets published) throws OutageException {
        try {
            checkpoints.save(checkpoint, published);
        } catch (SQLException failure) {
            throw SqlFailures.outage("writing the checkpoint in the source database", failure);
        }
    }

    @Override
    public Optional<String> pause() throws OutageException {
        try {
            return checkpoints.pause();
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the source database whether the stream is paused", failure);
        }
    }

    @Override
    public void checkCapture() throws OutageException {
        try {
            checkpoints.refuseActionIdsThatWentBackwards(table);
            check.run(connection, table);
        } catch (SQLException failure) {
            throw SqlFailures.outage("checking the capture in the source database", failure);
        }
    }

    @Override
    public void close() {
        pool.evictConnection(connection);
    }
}
