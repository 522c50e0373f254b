package io.rowrelay.stream.checkpoint;

import io.rowrelay.stream.record.PublishedChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a source is the database that a stream was published from, and not an earlier state of it: the rule, and what it needs
 * to know. Where it is not, the source was restored or replaced, or is a former primary, and publishing on would silently
 * lose changes. Each outcome is the difference as a clause, or nothing; never one while the source is sound.
 *
 * @param systemIdentifier of the cluster
 * @param nextTransaction the first transaction id that the cluster has not given out
 * @param changeTable the change table's name
 * @param lastActionId the last action_id given out
 * @param stored the checkpoint that the source has, if any
 */
public record SourceIdentity(
        long systemIdentifier,
        long nextTransaction,
        String changeTable,
        long lastActionId,
        Optional<StoredCheckpoint> stored) {

    /** No source makes so many changes, and no reanchor leaves so many out: hundreds of years at 10,000 a second. */
    private static final long FARTHEST_JUMP = 1L << 48;

    /** Whether an action_id can be one that another source, or a later state of this one, has given out. */
    public static boolean isPlausible(long actionId, long lastActionId) {
        return actionId - lastActionId <= FARTHEST_JUMP;
    }

    /**
     * What differs from the database that the checkpoint was written in.
     *
     * @param latestTransaction the largest transaction id in the change table that a writer had, 0 where it is empty; read before
     *     the rest, since transactions go on
     */
    public List<String> differences(long latestTransaction) {
        List<String> differences = new ArrayList<>();
        // Rows whose transaction id this cluster has not given out yet came with a dump of another.
        if (Long.compareUnsigned(latestTransaction, nextTransaction) >= 0) {
            differences.add(changeTable + " holds changes of transaction " + Long.toUnsignedString(latestTransaction)
                    + ", which this cluster has not begun yet");
        }
        stored.ifPresent(checkpoint -> {
            if (checkpoint.systemIdentifier() != systemIdentifier) {
                differences.add("its system identifier is " + systemIdentifier + ", the checkpoint's is "
                        + checkpoint.systemIdentifier());
            }
            long next = checkpoint.checkpoint().nextTransaction();
            if (Long.compareUnsigned(next, nextTransaction) > 0) {
                differences.add("its transaction ids went backwards, from " + Long.toUnsignedString(next) + " to "
                        + Long.toUnsignedString(nextTransaction));
            }
            actionIdsWentBackwards(changeTable, checkpoint.checkpoint().highestActionId(), lastActionId)
                    .ifPresent(differences::add);
        });
        return differences;
    }

    /** A sequence that is set back gives new changes ids that the destination takes for old. */
    public static Optional<String> actionIdsWentBackwards(String changeTable, long published, long last) {
        return last < published
                ? Optional.of("the action_ids of " + changeTable + " went backwards, from " + published + " to " + last)
                : Optional.empty();
    }

    /**
     * What shows that the topic was written from another database, or from a later state of this one: every record that a
     * producer of this database ever sent is of a row that is still there as it was, or that the retention has removed and
     * therefore noted. The topic is to be read first, then the change table, then this: then no change that was published, and
     * no row that the retention removes meanwhile, can look like a loss. Who may write to the topic can write a record that looks
     * so as well: the outcome names the record, but one with an implausible action_id shows nothing.
     *
     * @param changedAtMicros of those changes that are in the change table, by action_id
     */
    public Optional<String> contradiction(List<PublishedChange> published, Map<Long, Long> changedAtMicros) {
        return published.stream()
                .filter(this::isEvidence)
                .flatMap(change -> contradiction(change, changedAtMicros.get(change.actionId())).stream())
                .findFirst();
    }

    private boolean isEvidence(PublishedChange change) {
        return !change.source().isEmpty()
                && change.actionId() > anchorActionId(stored)
                && isPlausible(change.actionId(), lastActionId);
    }

    private Optional<String> contradiction(PublishedChange change, @Nullable Long changedAt) {
        String record = "the topic holds change " + change.actionId() + " of it, in record " + change.address();
        if (!change.source().equals(Long.toString(systemIdentifier))) {
            return Optional.of("the topic holds change " + change.actionId() + ", in record " + change.address() + ","
                    + " from the cluster with system identifier " + change.source() + ", and this one's is "
                    + systemIdentifier);
        }
        if (change.actionId() > lastActionId) {
            return Optional.of(record + ", but the last action_id it has given out is " + lastActionId);
        }
        if (changedAt != null) {
            return changedAt == change.changedAtMicros()
                    ? Optional.empty()
                    : Optional.of(record + ", which is another change in its change table");
        }
        return isRemoved(change)
                ? Optional.empty()
                : Optional.of(record + ", which is not in its change table, and the retention has not removed it");
    }

    private boolean isRemoved(PublishedChange change) {
        return stored.filter(known -> change.actionId() <= known.checkpoint().highestActionId()
                        && change.changedAtMicros() <= known.removedUntilMicros())
                .isPresent();
    }

    /**
     * The change that shows the timeline of this cluster's newest primary that changes were published from; none when none is known.
     * A server on a lower timeline is a former primary.
     */
    public Optional<PublishedChange> newestTimeline(List<PublishedChange> published) {
        return published.stream()
                .filter(change -> isEvidence(change) && change.source().equals(Long.toString(systemIdentifier)))
                .filter(change -> change.timeline() > 0)
                .max(Comparator.comparingInt(PublishedChange::timeline));
    }

    private static long anchorActionId(Optional<StoredCheckpoint> stored) {
        return stored.map(StoredCheckpoint::anchorActionId).orElse(0L);
    }
}
