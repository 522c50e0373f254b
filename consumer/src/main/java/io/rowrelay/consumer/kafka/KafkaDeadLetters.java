package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.DeadLetterHeaders;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.Topics;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.common.settings.StreamSettings;
import io.rowrelay.consumer.apply.ApplyTask;
import io.rowrelay.consumer.apply.DeadLetters;
import io.rowrelay.consumer.apply.Rejected;
import io.rowrelay.consumer.apply.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Writes refused records to the dead-letter topic, bytes untouched, the reason in headers. Not thread-safe. */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final Supplier<Producer<byte[], byte[]>> clients;
    private final StreamSettings stream;
    private final RefusalLog log;
    private final KafkaClientSettings kafka;
    private @Nullable Producer<byte[], byte[]> client;
    private boolean topicExists;

    /** The client is opened for the first dead letter; another one creates the topic if need be. */
    public KafkaDeadLetters(
            Supplier<Producer<byte[], byte[]>> clients, StreamSettings stream, KafkaClientSettings kafka) {
        this.clients = clients;
        this.stream = stream;
        this.log = new RefusalLog(stream.deadLetterTopic());
        this.kafka = kafka;
    }

    @Override
    public void send(List<Rejected> rejected) throws TransientFailureException, InterruptedException {
        createTopic();
        try {
            Producer<byte[], byte[]> producer = open();
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(rejected.size());
            for (Rejected refusal : rejected) {
                Future<RecordMetadata> acknowledgement = producer.send(deadLetter(refusal));
                if (acknowledgement.isDone()) {
                    // Not even taken: to try the others as well would wait as long for each of them.
                    acknowledgement.get();
                }
                acknowledgements.add(acknowledgement);
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get();
            }
        } catch (ExecutionException | KafkaException failure) {
            topicExists = false;
            closeRefused(failure);
            throw KafkaFailures.outage("writing to dead-letter topic " + stream.deadLetterTopic(), failure);
        }
        log.refused(rejected);
    }

    /** A client keeps the credentials that it was opened with; the next attempt opens one with those of then. */
    private void closeRefused(Exception failure) {
        Producer<byte[], byte[]> refused = client;
        if (refused != null && KafkaFailures.isAuthentication(failure)) {
            client = null;
            refused.close(Duration.ZERO);
        }
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = client;
        if (open == null) {
            open = clients.get();
            client = open;
        }
        return open;
    }

    private void createTopic() throws TransientFailureException, InterruptedException {
        if (!topicExists) {
            Topics.createMissing(
                    kafka.admin(),
                    stream.deadLetterTopic(),
                    stream.partitions(),
                    stream.replicationFactor(),
                    Topics.deadLetterConfig(0));
            topicExists = true;
        }
    }

    private ProducerRecord<byte[], byte[]> deadLetter(Rejected refusal) {
        TopicRecord origin = refusal.origin();
        String message = refusal.reason() + ": " + refusal.detail();
        RefusedRecordException refused = new RefusedRecordException(message);
        return new ProducerRecord<>(
                stream.deadLetterTopic(),
                null,
                origin.key(),
                origin.value(),
                new DeadLetterHeaders()
                        .original(RecordHeaders.withoutRefusal(origin.headers()))
                        .origin(origin.topic(), origin.partition(), origin.offset())
                        .finder(
                                "rowrelay-consumer-" + stream.name(),
                                "0",
                                stage(refusal.reason()),
                                ApplyTask.class.getName())
                        .reason(refused.getClass().getName(), message, refused.toString())
                        .inShort(refusal.why())
                        .list());
    }

    /** The names of the stages are those of Kafka Connect. */
    private static String stage(Rejected.Reason reason) {
        return switch (reason) {
            case KEY -> "KEY_CONVERTER";
            case NOT_JSON, ENVELOPE, SCHEMA -> "VALUE_CONVERTER";
            case DESTINATION -> "TASK_PUT";
        };
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open = client;
        if (open != null) {
            open.close(DEADLINE);
        }
    }
}
