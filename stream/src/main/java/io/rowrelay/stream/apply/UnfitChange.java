package io.rowrelay.stream.apply;

import io.rowrelay.stream.record.RecordAddress;

/**
 * A change that the destination table cannot take as it is now, such as one with a column that it lacks. The change, and what
 * follows it in its partition, waits for somebody to alter the table.
 *
 * @param record where it lies
 * @param problem what is wrong, and what ends it
 */
public record UnfitChange(RecordAddress record, String problem) {}
