package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.ValidChange;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** The changes of windows that are new to the destination. They can be gone through again and again. */
interface WindowChanges {
    /** Takes a part of the changes, which fits the memory. */
    @FunctionalInterface
    interface Part<T> {
        void take(List<T> changes) throws SQLException, OutageException;
    }

    /** The tables with changes. */
    Set<String> tables();

    /**
     * The newest change of each key of a table, where that is a deletion. Without a key, of equal rows as many as were deleted more often
     * than inserted.
     */
    void deletions(String table, Part<ValidChange> part) throws SQLException, OutageException;

    /** The same where the newest is none. */
    void images(String table, Part<ValidChange> part) throws SQLException, OutageException;

    /** All changes of tables with a key, in the order in which the source made them. */
    void inOrder(Part<TableChange> part) throws SQLException, OutageException;

    /**
     * A change and its table.
     *
     * @param table as the record calls it
     * @param xid the transaction
     */
    record TableChange(String table, long xid, ValidChange change) {}
}
