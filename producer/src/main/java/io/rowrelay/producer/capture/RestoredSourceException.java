package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.Programs;

/**
 * The source is not the database, or not the state of it, that the checkpoint was written against, see
 * {@link io.rowrelay.stream.checkpoint.SourceIdentity}. Publishing on could
 * silently lose changes, so the process ends.
 */
public final class RestoredSourceException extends IllegalStateException {
    /** The message says what differs. */
    public RestoredSourceException(String stream, String difference) {
        super("The source database was restored or replaced since the checkpoint of stream '" + stream
                + "' was written: " + difference
                + ". Publishing on would silently lose changes, so nothing is published. First make sure that this is the"
                + " source you want, and stop every producer of the former one. Then run '"
                + Programs.command("reanchor")
                + "'"
                + " with this stream's settings, and start the producer again.");
    }
}
