package io.rowrelay.producer.kafka;

import java.util.Objects;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Takes the outcome of one record. The client uses the same callback for a record that it did not even accept, within the call
 * that hands it over and in the same thread. Such a record is still the caller's, and nothing may overtake it.
 */
final class HandOver implements Callback {
    /** What to do with a record that the client had taken. */
    interface Outcome {
        /** Also called when the broker does not name the offset, since it took the record in an earlier attempt. */
        void acknowledged(RecordMetadata metadata);

        void failed(Exception failure);
    }

    private final Thread caller = Thread.currentThread();
    private final Outcome outcome;
    private @Nullable Exception refusal;

    HandOver(Outcome outcome) {
        this.outcome = outcome;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null) {
            outcome.acknowledged(Objects.requireNonNull(metadata, "what is acknowledged has an offset"));
        } else if (Thread.currentThread().equals(caller)) {
            refusal = failure;
        } else {
            outcome.failed(failure);
        }
    }

    /** Returns why the client did not take the record, or null when it did; to be asked by the caller after the call. */
    @Nullable
    Exception refusal() {
        return refusal;
    }
}
