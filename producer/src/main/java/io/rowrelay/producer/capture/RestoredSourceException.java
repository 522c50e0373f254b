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
        this(stream, difference, "");
    }

    /** A record of the topic says so, which anybody who may write to the topic can have written. */
    public static RestoredSourceException saidByTopic(String stream, String difference) {
        return new RestoredSourceException(
                stream,
                difference,
                " If it was never restored or replaced, somebody else wrote that record: then run '"
                        + Programs.command("reanchor --trust-source")
                        + "' instead, and find out who may write to the topic.");
    }

    private RestoredSourceException(String stream, String difference, String otherwise) {
        super("The source database was restored or replaced since the checkpoint of stream '" + stream
                + "' was written: " + difference
                + ". Publishing on would silently lose changes, so nothing is published. First make sure that this is the"
                + " source you want, and stop every producer of the former one. Then run '"
                + Programs.command("reanchor")
                + "'"
                + " with this stream's settings, and start the producer again." + otherwise);
    }
}
