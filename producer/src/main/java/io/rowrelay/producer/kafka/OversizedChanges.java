package io.rowrelay.producer.kafka;

import io.rowrelay.common.event.DeadLetterNames;
import io.rowrelay.common.kafka.DeadLetterHeaders;
import io.rowrelay.producer.capture.Change;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes that the broker does not take for their size: the dead-letter topic gets a reference instead. */
public final class OversizedChanges {
    private static final Logger LOG = LoggerFactory.getLogger(OversizedChanges.class);

    private final String stream;
    private final Runnable counter;

    /** {@code counter} runs for each reference that is acknowledged. */
    public OversizedChanges(String stream, Runnable counter) {
        this.stream = stream;
        this.counter = counter;
    }

    void count() {
        counter.run();
    }

    /** A record with the change's key, and its action_id and size as value. */
    ProducerRecord<byte[], byte[]> reference(PublishingTopics topics, Change change) {
        LOG.error(
                "change too large for topic={} action_id={} bytes={}: a reference goes to topic={}; raise"
                        + " KAFKA_MAX_REQUEST_SIZE and the topic's max.message.bytes to let such rows through",
                topics.topic(),
                change.actionId(),
                change.valueBytes(),
                topics.deadLetterTopic());
        String message = "the change has " + change.valueBytes() + " bytes, more than the broker takes";
        String value = "{\"action_id\":" + change.actionId() + ",\"bytes\":" + change.valueBytes() + "}";
        return new ProducerRecord<>(
                topics.deadLetterTopic(),
                null,
                change.key(),
                value.getBytes(StandardCharsets.UTF_8),
                new DeadLetterHeaders()
                        .origin(topics.topic(), null, null)
                        .finder(
                                "rowrelay-producer-" + stream,
                                "0",
                                DeadLetterNames.STAGE_OF_REFERENCES,
                                getClass().getName())
                        .reason(RecordTooLargeException.class.getName(), message, "")
                        .inShort("TOO_LARGE")
                        .list());
    }
}
