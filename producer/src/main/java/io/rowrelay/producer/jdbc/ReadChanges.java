package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Change;
import java.util.List;

/**
 * Changes that were read by one statement.
 *
 * @param snapshot S2, where the statement read up to now and found any
 * @param changes in the order of action_id
 * @param end why there are no more
 */
record ReadChanges(String snapshot, List<Change> changes, End end) {
    /** Why reading ended. */
    enum End {
        /** There was no other change, or the statement's limit was reached. */
        ALL_READ,
        /** The next change is too wide to be read in this way. */
        TOO_WIDE,
        /** They are as many bytes as a page may have. */
        FULL
    }

    /** Whether reading ended before the statement did. */
    boolean isCutShort() {
        return end != End.ALL_READ;
    }

    /** The last action_id, 0 when there is none. */
    long lastActionId() {
        return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).actionId();
    }
}
