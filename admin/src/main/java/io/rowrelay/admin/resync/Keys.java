package io.rowrelay.admin.resync;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table's primary keys, in their order, a page at a time: nothing stays open between two pages. */
public interface Keys {
    /** Names of the key's columns, to compare two tables by. */
    List<String> columns();

    /** How many rows the planner thinks there are; 0 when it does not know. */
    long expected();

    /** Returns the first keys after the given one; fewer than the limit at the end of the table. */
    List<RowKey> after(@Nullable RowKey last, int limit) throws OutageException;
}
