package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;
import java.util.Set;

/** Where changes are published. Not thread-safe. */
public interface EventSink {
    /**
     * Takes a page for publishing, after all taken before, without waiting for its acknowledgement. What it says of a window of
     * several tables is published too.
     *
     * @param source the cluster they come from: its system identifier goes with each, its timeline with the last of them
     * @return what becomes acknowledged when all of it is
     */
    Publication publish(Page page, SourceCluster source);

    /**
     * Moves publications on: hands waiting changes to the client, sends references of those too large.
     *
     * @throws OutageException when the broker takes or acknowledges nothing for too long; nothing taken is
     *     forgotten, the call is to be repeated
     * @throws LostPublicationsException when what was taken must be read and published again from the last checkpoint, or
     *     the topic seems to have lost what it had acknowledged
     */
    void advance() throws OutageException, InterruptedException;

    /** Returns up to where the topic has acknowledged what was taken, from what {@link #takeUp} returned on. */
    PublishedOffsets published();

    /**
     * Takes what the topic holds now for published, whoever wrote it, and returns it. To be called before anything is published
     * in a session.
     *
     * @throws OutageException when the broker does not answer now
     */
    PublishedOffsets takeUp() throws OutageException, InterruptedException;

    /**
     * Returns the partitions that no longer hold the last record of what was published, or hold another at its offset. What the
     * retention has removed is not lost.
     *
     * @throws OutageException when they cannot be read now
     */
    Set<Partition> lost(PublishedOffsets published) throws OutageException, InterruptedException;

    /**
     * Returns the cuts that were published last, by whomever, the oldest first; none where the stream is not published in cuts.
     *
     * @throws OutageException when they cannot be read now
     */
    default List<Cut> recentCuts() throws OutageException, InterruptedException {
        return List.of();
    }

    /**
     * Returns what was published last, by whomever: changes at the ends of a table's topic, some of them perhaps twice.
     *
     * @throws OutageException when they cannot be read now
     */
    List<PublishedChange> recent(CapturedTable table) throws OutageException, InterruptedException;
}
