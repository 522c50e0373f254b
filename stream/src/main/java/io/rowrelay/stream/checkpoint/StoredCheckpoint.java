package io.rowrelay.stream.checkpoint;

import java.time.Instant;
import java.util.Optional;

/**
 * The checkpoint of a stream as the source has it, in cdc_offset.
 *
 * @param checkpoint how far the stream is published
 * @param systemIdentifier of the cluster that it was written in
 * @param anchorActionId records up to it are history from before the stream was begun again
 * @param removedUntilMicros changed_at of the newest change that the retention has removed, or {@link #NOTHING_REMOVED}
 * @param pause who paused the stream, if anybody
 */
public record StoredCheckpoint(
        Checkpoint checkpoint,
        long systemIdentifier,
        long anchorActionId,
        long removedUntilMicros,
        Optional<Pause> pause) {

    /** {@code removedUntilMicros} while the retention has removed nothing. */
    public static final long NOTHING_REMOVED = Long.MIN_VALUE;

    /** That the stream is paused: by whom, and since when. */
    public record Pause(String by, Instant since) {}
}
