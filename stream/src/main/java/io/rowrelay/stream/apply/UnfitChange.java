package io.rowrelay.stream.apply;

import io.rowrelay.stream.record.RecordAddress;

/**
 * A change that cannot be applied as things are: the destination table lacks one of its columns, or its record does not fit the
 * memory. The change, and what follows it in its partition, waits for somebody to act.
 *
 * @param record where it lies
 * @param problem what is wrong, and what ends it
 */
public record UnfitChange(RecordAddress record, String problem) {}
