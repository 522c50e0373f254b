package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.sql.SQLException;
import java.util.List;

/** Finds out which changes the destination rejects each by itself, and leaves nothing of the trial behind. */
interface RejectionProbe {
    /**
     * Tries each change.
     *
     * @throws SQLException when a trial fails in a way that says nothing of the change
     */
    List<RejectedChange> rejectedOf(List<ValidChange> changes) throws SQLException;
}
