package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.DeadLetters;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.settings.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes rejected records to the dead-letter topic, bytes untouched, the reason in headers. One that the topic does not take for its
 * size goes with less about the reason, then as a reference to where it lies. Not thread-safe.
 */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final Supplier<DeadLetterClient> clients;
    private final StreamSettings stream;
    private final DeadLetterContent letters;
    private final RejectionLog log;
    private final KafkaClientSettings kafka;
    private @Nullable DeadLetterClient client;
    private boolean topicExists;

    /** The client is opened for the first dead letter; another one creates the topic if need be. */
    public KafkaDeadLetters(Supplier<DeadLetterClient> clients, StreamSettings stream, KafkaClientSettings kafka) {
        this.clients = clients;
        this.stream = stream;
        this.letters = new DeadLetterContent(stream);
        this.log = new RejectionLog(stream.deadLetterTopic());
        this.kafka = kafka;
    }

    @Override
    public void send(List<Rejected> rejected) throws OutageException, InterruptedException {
        createTopic();
        try {
            List<Rejected> left = rejected;
            for (DeadLetterSize form : DeadLetterSize.values()) {
                left = send(open(), left, form);
            }
            if (!left.isEmpty()) {
                throw new OutageException(
                        "dead-letter topic " + stream.deadLetterTopic() + " does not even take a reference to a record:"
                                + " raise its max.message.bytes",
                        null);
            }
        } catch (ExecutionException | KafkaException failure) {
            topicExists = false;
            giveUpAfter(failure);
            throw KafkaFailures.outage("writing to dead-letter topic " + stream.deadLetterTopic(), failure);
        }
        log.rejected(rejected);
    }

    /** Sends, waits for the acknowledgements, and returns what was too large. */
    private List<Rejected> send(Producer<byte[], byte[]> producer, List<Rejected> rejected, DeadLetterSize form)
            throws ExecutionException, InterruptedException {
        List<Rejected> tooLarge = new ArrayList<>();
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(rejected.size());
        for (Rejected rejection : rejected) {
            Future<RecordMetadata> acknowledgement = producer.send(letters.deadLetter(rejection, form));
            if (acknowledgement.isDone()) {
                // Not even taken: to try the others as well would wait as long for each of them, unless it is for its
                // size.
                isTaken(acknowledgement);
            }
            acknowledgements.add(acknowledgement);
        }
        for (int i = 0; i < rejected.size(); i++) {
            if (!isTaken(acknowledgements.get(i))) {
                tooLarge.add(rejected.get(i));
            }
        }
        return tooLarge;
    }

    /** Whether the topic has taken it; if not, it is too large. */
    private static boolean isTaken(Future<RecordMetadata> acknowledgement)
            throws ExecutionException, InterruptedException {
        try {
            acknowledgement.get();
            return true;
        } catch (ExecutionException failure) {
            if (failure.getCause() != null && KafkaFailures.isTooLarge(failure.getCause())) {
                return false;
            }
            throw failure;
        }
    }

    private Producer<byte[], byte[]> open() {
        DeadLetterClient open = client;
        if (open == null) {
            open = clients.get();
            client = open;
        }
        return open.producer();
    }

    /** A client that has failed for good takes nothing any more, and one keeps the credentials that it was opened with. */
    private void giveUpAfter(Exception failure) {
        Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
        DeadLetterClient failed = client;
        if (failed != null && cause != null && !KafkaFailures.isRetriable(cause) && !KafkaFailures.isTooLarge(cause)) {
            client = null;
            failed.close(Duration.ZERO);
        }
    }

    private void createTopic() throws OutageException, InterruptedException {
        if (!topicExists) {
            TopicCreation.createDeadLetterTopic(
                    kafka, stream.deadLetterTopic(), stream.partitions(), stream.replicationFactor());
            topicExists = true;
        }
    }

    @Override
    public void close() {
        DeadLetterClient open = client;
        if (open != null) {
            open.close(DEADLINE);
        }
    }
}
