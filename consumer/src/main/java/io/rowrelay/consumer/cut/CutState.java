package io.rowrelay.consumer.cut;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the consumer is.
 *
 * @param appliedAt the time of the state of the source that the destination shows; null when there is none yet
 * @param brokenSince since when the destination is no state of the source, since changes were rejected; null while it is one
 * @param stuck whether the windows that would follow are missing
 * @param windows that have begun to come and are not applied
 * @param changes of them that are here
 * @param staged changes of a large window that wait in the destination
 * @param behind records that are still in the topics
 */
public record CutState(
        @Nullable Instant appliedAt,
        @Nullable Instant brokenSince,
        boolean stuck,
        int windows,
        long changes,
        long staged,
        long behind) {
    /** Changes that are not applied yet, as far as is known. */
    public long waiting() {
        return changes + staged + behind;
    }
}
