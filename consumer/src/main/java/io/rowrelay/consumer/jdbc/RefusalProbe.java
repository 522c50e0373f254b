package io.rowrelay.consumer.jdbc;

import io.rowrelay.consumer.apply.ChangeEvent;
import java.sql.SQLException;
import java.util.List;

/** Finds out which changes the destination refuses each by itself, and leaves nothing of the trial behind. */
interface RefusalProbe {
    /**
     * Tries each change.
     *
     * @throws SQLException when a trial fails in a way that says nothing of the change
     */
    List<Refusal> refusedOf(List<ChangeEvent> events) throws SQLException;
}
