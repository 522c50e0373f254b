package io.rowrelay.consumer.apply;

/**
 * A record that can never be applied.
 *
 * @param origin the record
 * @param reason why, in which stage of the work
 * @param detail what is wrong, for a human; may name columns and what is allowed
 */
public record Rejected(TopicRecord origin, Reason reason, String detail) implements Verdict {
    /** Why a record is refused. */
    public enum Reason {
        /** It has no key, or its key is not that of its value. */
        KEY,
        /** It is not one JSON object in UTF-8. */
        NOT_JSON,
        /** Its bookkeeping fields are missing or wrong. */
        ENVELOPE,
        /** It breaks the stream's JSON Schema. */
        SCHEMA,
        /** The destination refuses its values. */
        DESTINATION
    }
}
