package io.rowrelay.consumer.kafka;

/** How much of a rejected record goes into its dead letter, from all to little: each is tried when the one before was too large. */
enum DeadLetterSize {
    /** The record, and all that is known of the reason. */
    WHOLE,
    /** The record, and the reason in a few words. */
    SHORT,
    /** Where the record lies, and the reason. */
    REFERENCE
}
