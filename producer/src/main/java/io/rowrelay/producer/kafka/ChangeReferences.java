package io.rowrelay.producer.kafka;

import io.rowrelay.producer.capture.Change;
import io.rowrelay.stream.kafka.DeadLetterHeaders;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.RejectionReason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes that the broker does not take for their size, or that the source cannot print: the dead-letter topic gets a reference
 * instead.
 */
public final class ChangeReferences {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeReferences.class);

    /** A longer key could make the reference too large as well. */
    private static final int LONGEST_KEY = 64 << 10;

    private final String stream;
    private final Runnable counter;

    /** {@code counter} runs for each reference that is acknowledged. */
    public ChangeReferences(String stream, Runnable counter) {
        this.stream = stream;
        this.counter = counter;
    }

    void count() {
        counter.run();
    }

    /** A record with the change's key, and its action_id and size as value. */
    ProducerRecord<byte[], byte[]> reference(String deadLetterTopic, Change change) {
        String unreadable = change.unreadable();
        if (unreadable == null) {
            LOG.error(
                    "change too large for topic={} action_id={} bytes={}: a reference goes to topic={}; raise"
                            + " KAFKA_MAX_REQUEST_SIZE and the topic's max.message.bytes to let such rows through",
                    change.table().topic(),
                    change.actionId(),
                    change.valueBytes(),
                    deadLetterTopic);
        } else {
            LOG.error(
                    "change that the source cannot print, for topic={} action_id={}: a reference goes to topic={}, whose"
                            + " headers say why",
                    change.table().topic(),
                    change.actionId(),
                    deadLetterTopic);
        }
        byte[] key = change.key();
        boolean keyFits = key == null || key.length <= LONGEST_KEY;
        return new ProducerRecord<>(
                deadLetterTopic,
                null,
                keyFits ? key : null,
                value(change, keyFits).getBytes(StandardCharsets.UTF_8),
                headers(change)
                        .reason(exception(change).getName(), message(change), "")
                        .inShort((unreadable == null ? RejectionReason.TOO_LARGE : RejectionReason.UNPRINTABLE).name())
                        .list());
    }

    private DeadLetterHeaders headers(Change change) {
        return new DeadLetterHeaders()
                .origin(change.table().topic(), null, null)
                .finder(
                        "rowrelay-producer-" + stream,
                        "0",
                        DeadLetterNames.STAGE_OF_REFERENCES,
                        getClass().getName());
    }

    private static Class<?> exception(Change change) {
        return change.unreadable() == null ? RecordTooLargeException.class : SerializationException.class;
    }

    private static String message(Change change) {
        return change.unreadable() == null
                ? "the change has " + change.valueBytes() + " bytes, more than the broker takes"
                : "the source cannot print the change: " + change.unreadable();
    }

    private static String value(Change change, boolean keyFits) {
        byte[] key = change.key();
        return "{\"action_id\":" + change.actionId()
                + (change.unreadable() == null ? ",\"bytes\":" + change.valueBytes() : "")
                + (keyFits || key == null ? "" : ",\"key_bytes\":" + key.length) + "}";
    }
}
