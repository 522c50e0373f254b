package io.rowrelay.consumer.apply;

import io.rowrelay.common.event.Action;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A valid change.
 *
 * @param origin the record it came in; its value is one JSON object
 * @param actionId orders the changes of one key; positive
 * @param action what happened
 * @param key the primary key as text, in the one form that stands for it in the destination
 * @param columns the names of the row's columns in the record, without the bookkeeping fields
 * @param changedAt when it happened at the source, or null when the record does not say
 */
public record ChangeEvent(
        TopicRecord origin,
        long actionId,
        Action action,
        String key,
        List<String> columns,
        @Nullable Instant changedAt) implements Verdict {
    public ChangeEvent {
        columns = List.copyOf(columns);
    }

    /** The bytes of the JSON object. */
    @SuppressWarnings("NullAway") // A record without value is rejected before it becomes a change.
    public byte[] json() {
        return origin.value();
    }
}
