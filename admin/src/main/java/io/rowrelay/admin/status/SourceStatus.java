package io.rowrelay.admin.status;

import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.jdbc.StreamLock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the source knows of a stream.
 *
 * @param now by the source's clock
 * @param captured changes in the change table: those that the retention has not removed yet
 * @param publishing how far they are published; empty while no producer has ever begun the stream
 * @param producer who holds the producer's lock, if anybody
 */
public record SourceStatus(
        Instant now, Count captured, Optional<Publishing> publishing, Optional<StreamLock.Holder> producer) {

    /**
     * How far the change table is published.
     *
     * @param waiting committed changes that the checkpoint does not cover
     * @param oldestWaiting the age of the oldest of them, if there is one
     * @param pause who paused the stream, if anybody
     */
    public record Publishing(Count waiting, Optional<Duration> oldestWaiting, Optional<StoredCheckpoint.Pause> pause) {}
}
