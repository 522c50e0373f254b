package io.rowrelay.stream.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * How far the change table has been published.
 *
 * <p>With no window open, exactly the changes visible in {@code snapshot} are published. With one open, the changes
 * visible in {@code windowSnapshot} and not in {@code snapshot} are being published in the order of action_id, and those
 * up to {@code lastActionId} are. See docs/design/reliability.md for the proof.
 *
 * @param snapshot S1, as PostgreSQL prints a pg_snapshot
 * @param windowSnapshot S2 of the window being read, or null when none is open
 * @param lastActionId the last action_id published in the open window; with none open, the largest ever published
 * @param highestActionId the largest action_id ever published
 */
public record Checkpoint(String snapshot, @Nullable String windowSnapshot, long lastActionId, long highestActionId) {

    /** The first transaction id that the source had not given out at S1. */
    long nextTransaction() {
        return Long.parseUnsignedLong(snapshot.split(":", -1)[1]);
    }

    /** The checkpoint once the window is published whole; the given id is the last one of it, 0 when it had none. */
    public Checkpoint closed(String windowSnapshot, long lastActionId) {
        long highest = Math.max(highestActionId, lastActionId);
        return new Checkpoint(windowSnapshot, null, highest, highest);
    }

    /** The checkpoint once a page of the window up to and including the given id is published. */
    public Checkpoint within(String windowSnapshot, long lastActionId) {
        return new Checkpoint(snapshot, windowSnapshot, lastActionId, Math.max(highestActionId, lastActionId));
    }
}
