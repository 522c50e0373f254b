package io.rowrelay.stream;

/**
 * A table of a stream; names of tables are as in SQL.
 *
 * @param sourceTable the table whose changes are captured
 * @param changeTable the table that the triggers write them to
 * @param topic where they are published
 */
public record CapturedTable(String sourceTable, String changeTable, String topic) {}
