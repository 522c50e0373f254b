package io.rowrelay.consumer.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.sql.SQLException;
import java.util.List;

/** Finds out which changes the destination refuses each by itself, and leaves nothing of the trial behind. */
interface RefusalProbe {
    /**
     * Tries each change.
     *
     * @throws SQLException when a trial fails in a way that says nothing of the change
     */
    List<Refusal> refusedOf(List<ValidChange> events) throws SQLException;
}
