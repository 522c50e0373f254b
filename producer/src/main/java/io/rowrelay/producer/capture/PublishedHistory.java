package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the source remembers of the topic: with the checkpoint, the offsets up to which the topic had acknowledged; and the same
 * for some earlier checkpoints of the last hours. It shows a producer that the topic has lost what it had acknowledged, and
 * from which checkpoint to publish again. Belongs to a session of the source. Not thread-safe.
 */
public interface PublishedHistory {
    /**
     * An earlier checkpoint.
     *
     * @param number later ones have larger numbers
     * @param takenAt when it was written, by the clock of the source
     * @param checkpoint everything it covers lies before {@code published}
     * @param published up to where the topic had acknowledged
     */
    record Remembered(long number, Instant takenAt, Checkpoint checkpoint, PublishedOffsets published) {}

    /** The offsets that were stored with the checkpoint; empty where none were. */
    PublishedOffsets last();

    /** Returns the earlier checkpoints, the newest first. */
    List<Remembered> remembered() throws OutageException;

    /** The checkpoint that covers nothing. */
    Checkpoint beforeEverything();

    /** Keeps a checkpoint that has just been saved. */
    void remember(Checkpoint checkpoint, PublishedOffsets published) throws OutageException;

    /**
     * Whether the change table still has every change that a checkpoint does not cover.
     *
     * @param takenAt when it was written; null for the one before everything
     */
    boolean holdsAllAfter(Checkpoint checkpoint, @Nullable Instant takenAt) throws OutageException;

    /**
     * Stores a checkpoint to publish from and remembers it, all in one transaction.
     *
     * @param published up to where the topic holds what it covers
     * @param newestKept the remembered checkpoints with larger numbers are forgotten
     */
    void beginAt(Checkpoint checkpoint, PublishedOffsets published, long newestKept) throws OutageException;
}
