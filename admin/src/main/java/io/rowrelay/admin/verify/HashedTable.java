package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of one side in the order of their keys, as hashes. Nothing stays open between two calls. */
interface HashedTable {
    /** The key at which the first rows of the range end, as many as given, compared or not; null when there are fewer. */
    @Nullable
    RowKey boundary(KeyRange range, int rows) throws OutageException;

    /** The fingerprint of the compared ones among the first rows of the range; no further ones are looked at. */
    Fingerprint fingerprint(KeyRange range, int rows) throws OutageException;

    /** The compared rows of the range, each with its hash, in key order. */
    Map<RowKey, Long> hashes(KeyRange range) throws OutageException;

    /** Those of the keys that there is a compared row of, each with its hash. */
    Map<RowKey, Long> hashesOf(List<RowKey> keys) throws OutageException;
}
