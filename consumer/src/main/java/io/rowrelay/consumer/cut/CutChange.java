package io.rowrelay.consumer.cut;

import io.rowrelay.stream.record.TopicRecord;

/**
 * A change of a window as it was read.
 *
 * @param record with the row
 * @param table its table, as the source's SQL prints it
 * @param xid the transaction that made it
 */
public record CutChange(TopicRecord record, String table, long xid) {}
