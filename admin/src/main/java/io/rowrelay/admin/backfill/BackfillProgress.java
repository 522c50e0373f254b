package io.rowrelay.admin.backfill;

import io.rowrelay.admin.tables.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill has come.
 *
 * @param where the condition that it was begun with, empty for none
 * @param last the last key that is done, or null at the beginning
 * @param rows how many rows were looked at up to there
 * @param written how many of them were written
 * @param deadLetters how many dead letters there had ever been when it began
 */
record BackfillProgress(String where, @Nullable RowKey last, long rows, long written, long deadLetters) {
    /** Adds rows that were sent. */
    BackfillProgress moved(RowKey reached, int moreRows, int moreWritten) {
        return new BackfillProgress(where, reached, rows + moreRows, written + moreWritten, deadLetters);
    }
}
