package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Map;

/** The stream's topic, read as one of a group of consumers. */
public interface ChangeStream {
    /**
     * Returns what the broker knows of the partitions of this consumer that it does not read yet, because nobody has said
     * where to begin; empty when there are none.
     */
    List<PartitionFacts> unsettled() throws OutageException;

    /**
     * Returns those partitions of which the topic no longer holds what comes before the given places, because it lost its tail: by
     * partition, up to where it does. Only what has a leader epoch can be told; the offset is 0 where the broker cannot say.
     *
     * @param places of partitions that are unsettled
     */
    Map<Integer, PartitionProgress> parted(List<PartitionProgress> places) throws OutageException;

    /** Begins to read partitions that were unsettled, as decided from their facts. */
    void begin(List<Beginning> beginnings) throws OutageException;

    /** Lets all partitions be unsettled again; what was polled and not committed is forgotten. */
    void unsettle();

    /** Returns the next records of the settled partitions; empty when none came for a moment. */
    Poll poll() throws OutageException;

    /** Returns how far the settled partitions have been polled. */
    List<PartitionProgress> polled();

    /**
     * Stays in the group without reading, while the records of the last poll cannot be finished. Reading goes on with the
     * next {@link #poll}.
     *
     * @return whether records of the last poll may still be finished here: those of partitions that moved to another
     *     consumer may not
     */
    Ownership keepAlive() throws OutageException;

    /** Whether the group has taken this consumer in; with more consumers than partitions its share can be none. */
    boolean isMember();

    /** Remembers the records of all polls so far as finished; Kafka is told so by a later poll, or when a partition leaves. */
    void commit();

    /** Tells which partitions are still this consumer's to finish. */
    @FunctionalInterface
    interface Ownership {
        /** Whether the partition has been this consumer's all the time since its records were read. */
        boolean has(int partition);
    }
}
