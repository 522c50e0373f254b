package io.rowrelay.stream.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
 * @param texts the values of these columns, in the same order, as PostgreSQL takes them for text: a string's content, a
 *     number as
 *     written, null for none; or null where that would not say the same as the JSON, or is too much to be held twice
 * @param changedAtText when it happened at the source, as the record says it, or null when it does not
 */
public record ValidChange(
        TopicRecord origin,
        long actionId,
        Action action,
        String key,
        List<String> columns,
        @Nullable List<@Nullable String> texts,
        @Nullable String changedAtText)
        implements ValidatedRecord {
    public ValidChange {
        columns = List.copyOf(columns);
    }

    /**
     * When it happened at the source, or null. It is only used for measurements, so a strange time is no reason to reject the
     * change; read when it is asked for, since reading it costs as much as reading half the record.
     */
    public @Nullable Instant changedAt() {
        String text = changedAtText;
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            return null;
        }
    }

    /** The bytes of the JSON object. */
    @SuppressWarnings("NullAway") // A record without value is rejected before it becomes a change.
    public byte[] json() {
        return origin.value();
    }
}
