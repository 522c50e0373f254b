package io.rowrelay.consumer.kafka;

/** Stands in a dead letter's headers for the refusal of a record; never thrown, so it has no stack trace. */
final class RefusedRecordException extends RuntimeException {
    RefusedRecordException(String message) {
        super(message, null, false, false);
    }
}
