package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as one look has found it.
 *
 * @param key as the row itself has it: equal is not always identical, as with 1.0 and 1.00
 * @param columns a hash of each compared column, in their order
 * @param version in the source, which version of the row it is: every write makes another; in the destination, the
 *     action_id that it shows, or the empty text for none
 */
record RowState(RowKey key, List<Long> columns, String version) {
    RowState {
        columns = List.copyOf(columns);
    }

    /** Whether both have the same values, or are both not there. */
    static boolean alike(@Nullable RowState one, @Nullable RowState other) {
        return one == null ? other == null : other != null && one.columns.equals(other.columns);
    }
}
