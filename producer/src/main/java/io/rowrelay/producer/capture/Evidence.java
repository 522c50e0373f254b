package io.rowrelay.producer.capture;

import io.rowrelay.stream.record.PublishedChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the source knows of changes that the topic holds. To be read after the topic, and the change table first: then no
 * change that was published from this database, and no row that the retention removes meanwhile, can look like a loss.
 *
 * @param systemIdentifier of the cluster
 * @param anchorActionId records up to it are history from before the stream was begun anew
 * @param lastActionId the last action_id given out
 * @param highestActionId the largest one that the checkpoint covers
 * @param removedUntilMicros changed_at of the newest change that the retention has removed, or the least long
 * @param changedAtMicros of those changes that are in the change table, by action_id
 */
public record Evidence(
        long systemIdentifier,
        long anchorActionId,
        long lastActionId,
        long highestActionId,
        long removedUntilMicros,
        Map<Long, Long> changedAtMicros) {
    public Evidence {
        changedAtMicros = Map.copyOf(changedAtMicros);
    }

    /**
     * Says what shows that the topic was written from another database than this, or from a later state of it; empty when
     * nothing does. Never so while the source is sound: every record that a producer of this database ever sent is of a row
     * that is still there as it was, or that the retention has removed and therefore noted.
     */
    public Optional<String> contradiction(List<PublishedChange> published) {
        return published.stream()
                .filter(change -> !change.source().isEmpty() && change.actionId() > anchorActionId)
                .flatMap(change -> contradiction(change).stream())
                .findFirst();
    }

    /** The highest timeline of this cluster that changes were published from; 0 when none is known. */
    public int newestTimeline(List<PublishedChange> published) {
        return published.stream()
                .filter(change ->
                        change.actionId() > anchorActionId && change.source().equals(Long.toString(systemIdentifier)))
                .mapToInt(PublishedChange::timeline)
                .max()
                .orElse(0);
    }

    private Optional<String> contradiction(PublishedChange change) {
        String record = "the topic holds change " + change.actionId() + " of it";
        if (!change.source().equals(Long.toString(systemIdentifier))) {
            return Optional.of("the topic holds change " + change.actionId()
                    + " from the cluster with system identifier " + change.source() + ", and this one's is "
                    + systemIdentifier);
        }
        if (change.actionId() > lastActionId) {
            return Optional.of(record + ", but the last action_id it has given out is " + lastActionId);
        }
        Long changedAt = changedAtMicros.get(change.actionId());
        if (changedAt != null) {
            return changedAt == change.changedAtMicros()
                    ? Optional.empty()
                    : Optional.of(record + ", which is another change in its change table");
        }
        boolean removed = change.actionId() <= highestActionId && change.changedAtMicros() <= removedUntilMicros;
        return removed
                ? Optional.empty()
                : Optional.of(record + ", which is not in its change table, and the retention has not removed it");
    }
}
