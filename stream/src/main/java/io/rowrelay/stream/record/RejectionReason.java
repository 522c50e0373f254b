package io.rowrelay.stream.record;

import java.util.Optional;

/**
 * Why a record or change became a dead letter. The name is the first word of the reason in its headers, and in lower case the
 * tag of the metric.
 */
public enum RejectionReason {
    /** The record has no key, or its key is not that of its value. */
    KEY("KEY_CONVERTER"),
    /** The record is not one JSON object in UTF-8. */
    NOT_JSON("VALUE_CONVERTER"),
    /** The bookkeeping fields of the record are missing or wrong, or a name in it can be no column's. */
    ENVELOPE("VALUE_CONVERTER"),
    /** The record breaks the stream's JSON Schema. */
    SCHEMA("VALUE_CONVERTER"),
    /** The destination rejects the values of the record. */
    DESTINATION("TASK_PUT"),
    /** The broker does not take the change for its size. */
    TOO_LARGE(DeadLetterNames.STAGE_OF_REFERENCES),
    /** The source cannot print the change. */
    UNPRINTABLE(DeadLetterNames.STAGE_OF_REFERENCES);

    private final String stage;

    RejectionReason(String stage) {
        this.stage = stage;
    }

    /** The stage of the work in which it occurs, as Kafka Connect calls it. */
    public String stage() {
        return stage;
    }

    /** Whether the consumer rejects a record for it; else the producer could not publish a change. */
    public boolean isOfRecords() {
        return !stage.equals(DeadLetterNames.STAGE_OF_REFERENCES);
    }

    /** Whether the record alone is the cause: no repair elsewhere lets it pass. */
    public boolean liesInRecord() {
        return this == KEY || this == NOT_JSON || this == ENVELOPE;
    }

    /** Returns the reason of that name; somebody else may write dead letters too. */
    public static Optional<RejectionReason> named(String name) {
        for (RejectionReason reason : values()) {
            if (reason.name().equals(name)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
