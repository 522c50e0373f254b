package io.rowrelay.consumer.cut;

import io.rowrelay.stream.record.TopicRecord;
import java.util.List;
import java.util.Map;

/**
 * A change of a window as it was read.
 *
 * @param record with the row
 * @param table its table, as the source's SQL prints it
 * @param xid the transaction that made it
 */
public record CutChange(TopicRecord record, String table, long xid) {
    /** Adds how many changes each table has. Mostly many of a table follow each other. */
    public static void countByTable(List<CutChange> changes, Map<String, Long> counts) {
        String table = "";
        long count = 0;
        for (CutChange change : changes) {
            if (count > 0 && !change.table.equals(table)) {
                counts.merge(table, count, Long::sum);
                count = 0;
            }
            table = change.table;
            count++;
        }
        if (count > 0) {
            counts.merge(table, count, Long::sum);
        }
    }
}
