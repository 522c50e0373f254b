package io.rowrelay.admin.backfill;

import io.rowrelay.admin.tables.RowKey;

/**
 * How far a backfill has come.
 *
 * @param where the condition that it was begun with, empty for none
 * @param last the last key that is done
 * @param rows how many rows were looked at up to there
 * @param written how many of them were written
 * @param deadLetters how many dead letters there had ever been when it began
 */
public record BackfillProgress(String where, RowKey last, long rows, long written, long deadLetters) {
    /** So many rows further. */
    BackfillProgress moved(RowKey reached, int moreRows, int moreWritten) {
        return new BackfillProgress(where, reached, rows + moreRows, written + moreWritten, deadLetters);
    }
}
