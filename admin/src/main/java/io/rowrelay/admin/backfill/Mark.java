package io.rowrelay.admin.backfill;

import io.rowrelay.admin.resync.RowKey;

/**
 * How far a backfill has come.
 *
 * @param where the condition that it was begun with, empty for none
 * @param last the last key that is done
 * @param rows how many rows were looked at up to there
 * @param written how many of them were written
 */
public record Mark(String where, RowKey last, long rows, long written) {}
