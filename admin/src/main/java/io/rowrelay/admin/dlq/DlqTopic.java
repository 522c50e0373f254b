package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The dead-letter topic, and the stream's topic for what is sent there again. Each call opens and closes clients of its own. */
public final class DlqTopic {
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(1);

    private final PatientTopics topics;
    private final CommandClock clock;
    private final KafkaClientSettings kafka;
    private final Duration timeout;
    private final String streamTopic;
    private final String deadLetterTopic;

    /**
     * Where a topic begins.
     *
     * @param topicId its identity; empty when there is none
     * @param offsets the first offset that each partition still has
     */
    record Begins(String topicId, Map<Integer, Long> offsets) {
        Begins {
            offsets = Map.copyOf(offsets);
        }
    }

    /**
     * A letter to be sent.
     *
     * @param letter the letter
     * @param number the count of replays of the record, this one included
     */
    record Replay(DeadLetter letter, int number) {}

    public DlqTopic(AdminSettings settings, CommandClock clock) {
        this.topics = new PatientTopics(settings, clock);
        this.kafka = settings.kafka();
        this.timeout = settings.timeout();
        this.streamTopic = settings.stream().topic();
        this.deadLetterTopic = settings.stream().deadLetterTopic();
        this.clock = clock;
    }

    /** The identity of the dead-letter topic; empty when there is none. */
    Optional<String> id() throws OutageException, InterruptedException {
        String id = topics.ends(deadLetterTopic).topicId();
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }

    /** Where the dead-letter topic begins now. */
    Begins begins() throws OutageException, InterruptedException {
        try (DeadLetterLook look = new DeadLetterLook(
                () -> Topics.admin(topics.client()), kafka::consumer, deadLetterTopic, streamTopic)) {
            DeadLetterLook.Span span = topics.ask(look::span);
            return new Begins(span.topicId(), span.begins());
        }
    }

    /** Hands over every letter that was written from that time on and is there now, each partition in its order. */
    void read(Instant from, Consumer<DeadLetter> each) throws OutageException, InterruptedException {
        try (DlqReader reader = new DlqReader(kafka.consumer(), deadLetterTopic, timeout, clock)) {
            reader.readFrom(from, each);
        }
    }

    /** Hands over those of the letters that there are. */
    void read(Collection<DeadLetterId> letters, Consumer<DeadLetter> each)
            throws OutageException, InterruptedException {
        try (DlqReader reader = new DlqReader(kafka.consumer(), deadLetterTopic, timeout, clock)) {
            reader.read(letters, each);
        }
    }

    /** Appends key and value of each letter to the stream's topic, in this order, and waits until all are acknowledged. */
    void replay(List<Replay> replays) throws OutageException, InterruptedException {
        Map<String, Object> properties = new HashMap<>(kafka.producer());
        // Not as long as the daemons', which never give up: somebody waits for this.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis()));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis() / 2));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(timeout.toMillis()));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // What was taken once is taken again: what is too large is for the broker to say.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(64 << 20));
        KafkaProducer<byte[], byte[]> client =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (Replay replay : replays) {
                acknowledgements.add(client.send(ReplayRecords.of(streamTopic, replay)));
            }
            for (int i = 0; i < replays.size(); i++) {
                await(acknowledgements.get(i), replays.get(i));
            }
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("sending dead letters to topic " + streamTopic, failure);
        } finally {
            client.close(CLOSE_DEADLINE);
        }
    }

    private void await(Future<RecordMetadata> acknowledgement, Replay replay)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            acknowledgement.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause && KafkaFailures.isTooLarge(cause)) {
                throw new CommandFailedException(
                        "dead letter " + replay.letter().id() + " is too large for topic " + streamTopic
                                + ": raise its max.message.bytes, or name the other letters");
            }
            throw failure;
        }
    }

    /** Removes every letter before the offsets, by partition. */
    void removeBefore(Map<Integer, Long> offsets) throws OutageException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> removed = new HashMap<>();
        offsets.forEach((partition, offset) ->
                removed.put(new TopicPartition(deadLetterTopic, partition), RecordsToDelete.beforeOffset(offset)));
        try {
            Topics.ask(
                    topics.client(),
                    admin -> admin.deleteRecords(removed).all().get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("removing records from topic " + deadLetterTopic, failure);
        }
    }
}
