package io.rowrelay.admin.status;

import io.rowrelay.stream.checkpoint.StoredCheckpoint;
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
public record SourceStatus(Instant now, Count captured, Optional<Publishing> publishing, Optional<Producer> producer) {

    /**
     * How far the change table is published.
     *
     * @param waiting committed changes that the checkpoint does not cover
     * @param oldestWaiting the age of the oldest of them, if there is one
     * @param pause who paused the stream, if anybody
     */
    public record Publishing(Count waiting, Optional<Duration> oldestWaiting, Optional<StoredCheckpoint.Pause> pause) {}

    /**
     * The active producer.
     *
     * @param pid of its session in the source
     * @param role as which it is signed in
     * @param application what it calls itself
     * @param address where it comes from; empty where the asking role may not see that
     * @param since when the session began; empty likewise
     */
    public record Producer(
            int pid, String role, String application, Optional<String> address, Optional<Instant> since) {}
}
