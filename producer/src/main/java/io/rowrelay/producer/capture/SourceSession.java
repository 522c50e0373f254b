package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.util.List;
import java.util.Optional;

/**
 * The one database session that holds the stream's lock: what it reads and writes, it does as the active producer. Not
 * thread-safe. After any failure it is to be closed and opened again.
 */
public interface SourceSession extends AutoCloseable {
    /** The cluster that it is on. */
    SourceCluster cluster();

    /** The captures of the stream's tables. */
    List<TableCapture> tables();

    /**
     * Says which standbys must still flush what has been read, before no failover of the source can undo it; empty when none
     * must, or when the setting does not ask for it. Does not wait.
     */
    Optional<String> unflushed() throws OutageException;

    /** Returns the stored checkpoint; writes the first one of a new stream. */
    Checkpoint checkpoint() throws OutageException;

    /**
     * Reads the next changes after a checkpoint, without holding a transaction open afterwards.
     *
     * @return the page; empty when nothing is waiting
     */
    Page read(Checkpoint from) throws OutageException;

    /**
     * Waits in the source until something can be read after this checkpoint, for less than 100 ms; holds no lock on a table
     * meanwhile.
     *
     * @return false when the source cannot wait, at once; otherwise true, whether or not anything has come
     */
    boolean awaitChanges(Checkpoint after) throws OutageException;

    /**
     * Stores the checkpoint. To be called only once everything before it is acknowledged.
     *
     * @param published up to where the topic has acknowledged, everything before the checkpoint included
     */
    void save(Checkpoint checkpoint, PublishedOffsets published) throws OutageException;

    /** What the source remembers of the topic, beside the checkpoint that was read last. */
    PublishedHistory history();

    /** Whether somebody has paused the stream: by whom and since when, as the end of a sentence; empty when nobody has. */
    Optional<String> pause() throws OutageException;

    /** Ends the session, and with it the lock. Never throws. */
    @Override
    void close();
}
