package io.rowrelay.admin.passage;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.TopicEnds;

/** How far the daemons are, by what they have written down themselves. */
public interface StreamProgress {
    /**
     * Whether everything has got so far, and where things stand.
     *
     * @param passed whether it has
     * @param place any text that changes whenever the daemon moves on
     */
    record Seen(boolean passed, String place) {}

    /** What is committed in the source now, as PostgreSQL prints a pg_snapshot. */
    String snapshot() throws OutageException;

    /** Whether Kafka has acknowledged every change that is visible in a snapshot of the source. */
    Seen published(String snapshot) throws OutageException;

    /** Whether everything before these ends is applied in the destination, or is a dead letter. */
    Seen applied(TopicEnds ends) throws OutageException;

    /** The topic of the stream, as long as it is now. */
    @FunctionalInterface
    interface Topic {
        TopicEnds ends() throws OutageException, InterruptedException;
    }
}
