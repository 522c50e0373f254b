package io.rowrelay.admin.capture;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/** The capture of a table; names are as in SQL. */
public interface Capture {
    /**
     * What it would take to capture the table, or to repair its capture.
     *
     * @param refusals why it cannot be done; empty when it can
     * @param statements what would be run; empty when the capture is sound
     */
    record Plan(List<String> refusals, List<String> statements) {
        public Plan {
            refusals = List.copyOf(refusals);
            statements = List.copyOf(statements);
        }
    }

    /** Looks what capturing would do. */
    Plan planned(String table, String changeTable) throws OutageException;

    /** Looks what taking it off would do. */
    List<String> plannedRemoval(String table) throws OutageException;

    /** Captures, and returns what the database has said meanwhile. */
    List<String> put(String table, String changeTable) throws OutageException;

    /** Takes it off, and returns what the database has said meanwhile. */
    List<String> remove(String table) throws OutageException;
}
