package io.rowrelay.stream.record;

/**
 * A record that can never be applied.
 *
 * @param origin the record
 * @param reason why
 * @param detail what is wrong, for a human who may see the record: it can show values
 * @param kind what records that are rejected for the same cause have in common, for the log: it shows no value; empty when the
 *     reason says it all
 */
public record Rejected(TopicRecord origin, RejectionReason reason, String detail, String kind)
        implements ValidatedRecord {
    /** Rejected for a reason that says it all. */
    public Rejected(TopicRecord origin, RejectionReason reason, String detail) {
        this(origin, reason, detail, "");
    }

    /** Reason and kind: why, without a value of the row. */
    public String why() {
        return kind.isEmpty() ? reason.name() : reason + " (" + kind + ")";
    }
}
