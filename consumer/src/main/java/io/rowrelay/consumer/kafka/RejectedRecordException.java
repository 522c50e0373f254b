package io.rowrelay.consumer.kafka;

/** Stands in a dead letter's headers for the rejection of a record; never thrown, so it has no stack trace. */
final class RejectedRecordException extends RuntimeException {
    RejectedRecordException(String message) {
        super(message, null, false, false);
    }
}
