package io.rowrelay.consumer.apply;

/**
 * A record that can never be applied.
 *
 * @param origin the record
 * @param reason why, in which stage of the work
 * @param detail what is wrong, for a human who may see the record: it can show values
 * @param kind what records that are refused for the same cause have in common, for the log: it shows no value; empty when
 *     the reason says it all
 */
public record Rejected(TopicRecord origin, Reason reason, String detail, String kind) implements Verdict {
    /** Refused for a reason that says it all. */
    public Rejected(TopicRecord origin, Reason reason, String detail) {
        this(origin, reason, detail, "");
    }

    /** Reason and kind: why, without a value of the row. */
    public String why() {
        return kind.isEmpty() ? reason.name() : reason + " (" + kind + ")";
    }

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
