package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;
import java.util.Optional;

/**
 * The one database session that holds the stream's lock: what it reads and writes, it does as the active producer. Not
 * thread-safe. After any failure it is to be closed and opened anew.
 */
public interface SourceSession extends AutoCloseable {
    /** Identifies the cluster; a standby that is promoted keeps it. */
    long systemIdentifier();

    /** The timeline of the cluster, which a promotion raises; 0 when it is not known. */
    int timeline();

    /**
     * Says what is missing until no failover of the source can undo what has been read since this was last empty; empty when
     * nothing is, or when that is not asked for. Does not wait.
     */
    Optional<String> unflushed() throws OutageException;

    /** Returns the stored checkpoint; writes the first one of a new stream. */
    Checkpoint checkpoint() throws OutageException;

    /**
     * Holds what was published against what the source knows of it.
     *
     * @param published what the topic held last, read after this session was opened
     * @throws RestoredSourceException when the source is not the one it was published from, or an earlier state of it
     */
    void compare(List<PublishedChange> published) throws OutageException;

    /**
     * Reads the next changes after a checkpoint, without holding a transaction open afterwards.
     *
     * @return the page; empty when nothing is waiting
     */
    Page read(Checkpoint from) throws OutageException;

    /**
     * Waits in the source until something can be read after this checkpoint, for less than 100 ms; holds no lock on a table meanwhile.
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

    /**
     * Checks that every change is being captured.
     *
     * @throws OutageException with data at risk, naming each difference
     */
    void checkCapture() throws OutageException;

    /** Ends the session, and with it the lock. Never throws. */
    @Override
    void close();
}
