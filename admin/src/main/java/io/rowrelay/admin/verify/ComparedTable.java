package io.rowrelay.admin.verify;

import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table on one side, as far as it is compared. Only read; nothing stays open between two calls. */
public interface ComparedTable {
    /** How many rows the planner thinks there are; 0 when it does not know. */
    long expected();

    /** The key that the first so many rows of the range end at, compared or not, or null when there are fewer. */
    @Nullable
    RowKey boundary(KeyRange range, int rows) throws OutageException;

    /** What the compared ones among the first rows of the range come down to; no further ones are looked at. */
    Fingerprint fingerprint(KeyRange range, int rows) throws OutageException;

    /** The compared rows of the range, each with its hash, in key order. */
    Map<RowKey, Long> hashes(KeyRange range) throws OutageException;

    /** Those of the keys that there is a compared row of, each with its hash. */
    Map<RowKey, Long> hashesOf(List<RowKey> keys) throws OutageException;

    /** Those of the keys that there is a row of, compared or not, by what was asked for. */
    Map<RowKey, RowState> states(List<RowKey> keys) throws OutageException;

    /** The values of rows as text, in the order of the columns, NULL as such. */
    Map<RowKey, List<String>> values(List<RowKey> keys) throws OutageException;
}
