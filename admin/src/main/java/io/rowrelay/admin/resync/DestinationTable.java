package io.rowrelay.admin.resync;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Set;

/** The destination table; it is only read. A condition can choose some of its rows. */
public interface DestinationTable {
    /** The keys of its rows. */
    Keys keys();

    /** Which of the keys have a row that the condition is true of. */
    Set<RowKey> chosen(List<RowKey> keys) throws OutageException;

    /** Returns the largest action_id that a chosen row or a tombstone of the stream shows, 0 when there is none. */
    long highestActionId() throws OutageException;

    /** Which of the keys have a row that shows a change later than the given one. */
    Set<RowKey> showing(List<RowKey> keys, long actionId) throws OutageException;

    /** Returns what beside the stream can change its rows or keep changes from them, one each: triggers and the like. */
    List<String> hazards() throws OutageException;

    /** Counts chosen rows that show no change later than the given one, up to the limit. */
    int countOlder(long actionId, int limit) throws OutageException;
}
