package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.ServerClock;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.SourceCluster;
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What all tables of a session share.
 *
 * @param connection holds the stream's lock
 * @param checkpoints the stream's checkpoint
 * @param clock is set by the source's
 */
record SourceConnection(Connection connection, SourceCluster cluster, CheckpointStore checkpoints, ServerClock clock) {

    /** Stores the checkpoint. */
    void save(Checkpoint checkpoint, PublishedOffsets published) throws OutageException {
        try {
            checkpoints.save(checkpoint, published);
        } catch (SQLException failure) {
            throw SqlFailures.outage("writing the checkpoint in the source database", failure);
        }
    }

    /** Who has paused the stream, if anybody. */
    Optional<String> pause() throws OutageException {
        try {
            return checkpoints.pause();
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the source database whether the stream is paused", failure);
        }
    }
}
