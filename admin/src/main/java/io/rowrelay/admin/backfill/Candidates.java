package io.rowrelay.admin.backfill;

import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source's rows in key order, a page at a time: nothing stays open between two pages. */
public interface Candidates {
    /**
     * A page.
     *
     * @param rows how many rows were looked at; fewer than asked for at the end of the table
     * @param last the last of them, or null when there was none
     * @param keys of those that the condition is true for
     */
    record Page(int rows, @Nullable RowKey last, List<RowKey> keys) {
        public Page {
            keys = List.copyOf(keys);
        }
    }

    /** How many rows the planner thinks there are; 0 when it does not know. */
    long expected();

    /** Looks at the first rows after the given key. */
    Page after(@Nullable RowKey last, int limit) throws OutageException;
}
