package io.rowrelay.admin.resync;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Set;

/** The source table, of which a condition can choose some rows, and the change table behind it. Each write is a transaction of its own, and short. */
public interface SourceTable {
    /** The keys of its rows. */
    Keys keys();

    /** Returns the last action_id given out. */
    long lastActionId() throws OutageException;

    /** Which of the keys have a row that the condition is true of. */
    Set<RowKey> chosen(List<RowKey> keys) throws OutageException;

    /** Which of the keys there are. */
    Set<RowKey> existing(List<RowKey> keys) throws OutageException;

    /**
     * Writes an UPDATE of each row that there is, as it is, into its place among the changes of the row. Of several, those that
     * somebody else has locked are left out, so that no lock is waited for while others are held; a single one is waited for,
     * a moment.
     */
    Written writeUpdates(List<RowKey> keys) throws BusyException, OutageException;

    /**
     * Writes a DELETE of each key that there is no row of, into its place among the changes of the key.
     */
    Written writeDeletes(List<RowKey> keys) throws BusyException, OutageException;
}
