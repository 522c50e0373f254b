package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.PublishedHistory;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the source remembers of the topic, in cdc_offset and cdc_published, over the connection that holds the stream's lock. */
final class JdbcPublishedHistory implements PublishedHistory {
    private final Connection connection;
    private final CheckpointStore checkpoints;

    JdbcPublishedHistory(Connection connection, CheckpointStore checkpoints) {
        this.connection = connection;
        this.checkpoints = checkpoints;
    }

    @Override
    public PublishedOffsets last() {
        return checkpoints.history().last();
    }

    @Override
    public List<Remembered> remembered() throws OutageException {
        return committed(() -> checkpoints.history().newestFirst());
    }

    @Override
    public Checkpoint beforeEverything() {
        return PublishedTable.beforeEverything();
    }

    @Override
    public void remember(Checkpoint checkpoint, PublishedOffsets published) throws OutageException {
        committed(() -> {
            checkpoints.history().add(checkpoint, published);
            checkpoints.history().thinOut();
            return published;
        });
    }

    @Override
    public boolean holdsAllAfter(Checkpoint checkpoint, @Nullable Instant takenAt) throws OutageException {
        return committed(() -> checkpoints.history().holdsAllAfter(checkpoint, takenAt));
    }

    @Override
    public void beginAt(Checkpoint checkpoint, PublishedOffsets published, long newestKept) throws OutageException {
        committed(() -> {
            checkpoints.beginAt(checkpoint, published, newestKept);
            return published;
        });
    }

    /** Work on the tables. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T committed(Work<T> work) throws OutageException {
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException failure) {
            throw SqlFailures.outage("remembering in the source database what was published", failure);
        }
    }
}
