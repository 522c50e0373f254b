package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;

/** The stream's topic, read as one of a group of consumers. */
public interface ChangeStream {
    /** Returns the next records of the partitions that this consumer has; empty when none came for a moment. */
    List<TopicRecord> poll() throws TransientFailureException;

    /**
     * Stays in the group without reading, while the records of the last poll cannot be finished. Reading goes on with the
     * next {@link #poll}.
     *
     * @return whether records of the last poll may still be finished here: those of partitions that moved to another
     *     consumer may not
     */
    Ownership keepAlive() throws TransientFailureException;

    /** Whether the group has taken this consumer in; with more consumers than partitions its share can be none. */
    boolean isMember();

    /** Remembers the records of the last poll as finished. */
    void commit();

    /** Returns how many records were left on this consumer's partitions after the last poll. */
    long lag();

    /** Tells which records are still this consumer's to finish. */
    @FunctionalInterface
    interface Ownership {
        /** Whether the record's partition has been this consumer's all the time since the record was read. */
        boolean has(TopicRecord record);
    }
}
