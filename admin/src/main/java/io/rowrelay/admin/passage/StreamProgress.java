package io.rowrelay.admin.passage;

import io.rowrelay.common.kafka.TopicEnds;
import io.rowrelay.common.runtime.TransientFailureException;

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
    String snapshot() throws TransientFailureException;

    /** Whether Kafka has acknowledged every change that is visible in a snapshot of the source. */
    Seen published(String snapshot) throws TransientFailureException;

    /** Whether everything before these ends is applied in the destination, or is a dead letter. */
    Seen applied(TopicEnds ends) throws TransientFailureException;

    /** The topic of the stream, as long as it is now. */
    @FunctionalInterface
    interface Topic {
        TopicEnds ends() throws TransientFailureException, InterruptedException;
    }
}
