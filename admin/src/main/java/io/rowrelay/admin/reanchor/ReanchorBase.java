package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.stream.checkpoint.SourceIdentity;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;

/**
 * The action_id after which a stream goes on: above every one that was ever seen anywhere. Who can write to the topic, or to the
 * destination, can write any number there, so no such number may bring the sequence of the source near its end: every write of the
 * application would fail.
 *
 * @param actionId the action_id
 */
record ReanchorBase(long actionId) {
    /** Room for changes that are not visible: in a former producer, or in the middle of the topic. */
    private static final long MARGIN = 1_000_000;

    /**
     * Returns the base.
     *
     * @param source the largest action_id that sequence, change table and checkpoint know
     * @param destination the largest that a row or a tombstone shows
     * @param topic the largest of {@link #plausible} changes
     * @throws CommandFailedException when one of them cannot be true
     */
    static ReanchorBase above(long source, long destination, long topic) {
        if (!SourceIdentity.isPlausible(destination, source)) {
            throw new CommandFailedException("the destination shows action_id " + destination
                    + ", which no source of this stream can have reached: the source has given out " + source
                    + ". Somebody wrote it there, or into a record of the topic that was applied. Find it in the column action_id of"
                    + " the table, or in cdc_tombstone, and who wrote it; set it to NULL in the table, delete it from cdc_tombstone,"
                    + " then run this again");
        }
        return new ReanchorBase(raised(Math.max(source, Math.max(destination, topic))));
    }

    /** Those of the changes that a source of the stream can have made. */
    static List<PublishedChange> plausible(List<PublishedChange> published, long source) {
        return published.stream()
                .filter(change -> SourceIdentity.isPlausible(change.actionId(), source))
                .toList();
    }

    /** The base, or one above what the sequence has given out since. */
    long notBefore(long given) {
        return Math.max(actionId, raised(given));
    }

    private static long raised(long highest) {
        if (highest > ActionIds.LARGEST_SET - MARGIN) {
            throw new CommandFailedException("action_id " + highest + " is in use, and a stream goes on after "
                    + ActionIds.LARGEST_SET
                    + " at most, so that the sequence of its change table never ends. Find out who set the"
                    + " sequence, set it to what the changes need, and delete larger action_ids from the change table, cdc_offset and"
                    + " the destination; then run this again");
        }
        return highest + MARGIN;
    }
}
