package io.rowrelay.producer.capture;

import io.rowrelay.stream.CapturedTable;
import org.jspecify.annotations.Nullable;

/**
 * One change as it goes to the topic.
 *
 * <p>The arrays are handed through and never written to; a record for its named parts, not for its equality.
 *
 * @param table whose change it is
 * @param actionId identifies the change; positive
 * @param key the primary key as text in UTF-8; null only when the change table holds a row without key
 * @param value the JSON object in UTF-8; null when it is larger than the broker takes and was not read, or cannot be read
 * @param valueBytes size of the JSON object in bytes; a lower bound if it was not read; 0 if it cannot be read
 * @param changedAtMicros when the trigger wrote the change, in microseconds since 1970
 * @param xid the transaction that made it, 0 where it was not asked for
 * @param unreadable why the source cannot print the change; null when it can
 */
@SuppressWarnings("ArrayRecordComponent")
public record Change(
        CapturedTable table,
        long actionId,
        byte @Nullable [] key,
        byte @Nullable [] value,
        int valueBytes,
        long changedAtMicros,
        long xid,
        @Nullable String unreadable) {

    /** A change that could be read, or is too large to be. */
    public Change(
            CapturedTable table,
            long actionId,
            byte @Nullable [] key,
            byte @Nullable [] value,
            int valueBytes,
            long changedAtMicros) {
        this(table, actionId, key, value, valueBytes, changedAtMicros, 0, null);
    }

    /** The same change with the transaction that made it. */
    public Change by(long transaction) {
        return new Change(table, actionId, key, value, valueBytes, changedAtMicros, transaction, unreadable);
    }
}
