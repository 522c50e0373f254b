package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import java.util.List;
import java.util.Locale;

/**
 * A row that is not the same on both sides, though everything that the source had has gone through the stream; {@link DifferenceRule}
 * decides which rows these are.
 *
 * @param kind in what way
 * @param key as the source has it, or the destination for an extra row
 * @param columns the columns that differ, as positions in the order of the columns; empty unless the kind is DIFFERENT
 */
record Difference(Kind kind, RowKey key, List<Integer> columns) {
    Difference {
        columns = List.copyOf(columns);
    }

    /** In what way. */
    enum Kind {
        /** The destination lacks it. */
        MISSING,
        /** The source lacks it. */
        EXTRA,
        /** Both have it, with other values. */
        DIFFERENT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
