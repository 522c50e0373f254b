package io.rowrelay.admin.verify;

import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The source, looked at in snapshots that can be named. Only read. */
public interface SourceSnapshots {
    /**
     * Rows and the snapshot that shows them.
     *
     * @param snapshot as PostgreSQL prints a pg_snapshot
     * @param states by what was asked for
     */
    record Read(String snapshot, Map<RowKey, RowState> states) {}

    /** Reads rows, all in one snapshot. */
    Read read(List<RowKey> keys) throws OutageException;

    /**
     * Of the changes with these action_ids, those that are committed, but not visible in the snapshot, and no deletions: what
     * they say the row is, by action_id.
     */
    Map<String, RowState> changesAfter(String snapshot, Collection<String> actionIds) throws OutageException;
}
