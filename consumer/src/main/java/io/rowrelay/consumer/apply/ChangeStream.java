package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.PartitionState;
import io.rowrelay.stream.record.Partition;
import java.util.List;
import java.util.Map;

/** The stream's topic, read as one of a group of consumers. */
public interface ChangeStream {
    /**
     * Returns what the broker knows of the partitions of this consumer that it does not read yet, because nobody has said
     * where to begin; empty when there are none.
     */
    List<PartitionState> unsettled() throws OutageException;

    /**
     * Returns those partitions of which the topic no longer holds all of what the destination has read, because it lost its tail:
     * up to where the two agree. This needs a leader epoch; the offset is 0 where the broker cannot say.
     *
     * @param stored the destination's progress, of partitions that are unsettled
     */
    Map<Partition, PartitionProgress> truncated(Map<Partition, PartitionProgress> stored) throws OutageException;

    /** Begins to read partitions that were unsettled, as decided from their state. */
    void begin(List<Beginning> beginnings) throws OutageException;

    /** Lets all partitions be unsettled again; what was polled and not committed is forgotten. */
    void unsettle();

    /** Returns the next records of the settled partitions; empty when none came for a moment. */
    Poll poll() throws OutageException;

    /** Returns how far the settled partitions have been polled. */
    Map<Partition, PartitionProgress> polled();

    /**
     * Stays in the group without reading, while the records of the last poll cannot be finished. Reading goes on with the
     * next {@link #poll}.
     *
     * @return whether records of the last poll may still be finished here: those of partitions that moved to another
     *     consumer may not
     */
    Ownership keepAlive() throws OutageException;

    /**
     * Reads the partitions again from these offsets on, after a moment: what was polled of them from there on is not finished, while
     * the others go on.
     */
    void holdBack(Map<Partition, Long> offsets);

    /** Whether the partition is this consumer's now. */
    boolean isAssigned(Partition partition);

    /** Whether the group has taken this consumer in; with more consumers than partitions its share can be none. */
    boolean isMember();

    /** Remembers the records of all polls so far as finished; a later poll commits them to Kafka, or the loss of a partition does. */
    void commit();

    /** Tells which partitions are still this consumer's to finish. */
    @FunctionalInterface
    interface Ownership {
        /** Whether the partition has been this consumer's all the time since its records were read. */
        boolean has(Partition partition);
    }
}
