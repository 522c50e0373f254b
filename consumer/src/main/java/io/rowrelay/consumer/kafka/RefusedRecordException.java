package io.rowrelay.consumer.kafka;

/** Names in a dead letter's headers that the record itself was refused; never thrown. */
final class RefusedRecordException extends RuntimeException {
    private RefusedRecordException(String message) {
        super(message);
    }
}
