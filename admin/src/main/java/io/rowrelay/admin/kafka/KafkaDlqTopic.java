package io.rowrelay.admin.kafka;

import io.rowrelay.admin.dlq.DeadLetter;
import io.rowrelay.admin.dlq.DlqTopic;
import io.rowrelay.admin.dlq.LetterId;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.Topics;
import io.rowrelay.common.runtime.TransientFailureException;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The dead-letter topic in Kafka. Each call opens and closes clients of its own. */
public final class KafkaDlqTopic implements DlqTopic {
    private static final int DEADLINE_SECONDS = 30;

    private final KafkaClientSettings kafka;
    private final String streamTopic;
    private final String deadLetterTopic;

    public KafkaDlqTopic(KafkaClientSettings kafka, String streamTopic, String deadLetterTopic) {
        this.kafka = kafka;
        this.streamTopic = streamTopic;
        this.deadLetterTopic = deadLetterTopic;
    }

    @Override
    public Optional<String> id() throws TransientFailureException, InterruptedException {
        return AdminTopics.patiently(() -> {
            try (Admin admin = Topics.admin(kafka.admin())) {
                if (!admin.listTopics()
                        .names()
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .contains(deadLetterTopic)) {
                    return Optional.empty();
                }
                return admin
                        .describeTopics(List.of(deadLetterTopic))
                        .allTopicNames()
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .values()
                        .stream()
                        .map(topic -> topic.topicId().toString())
                        .findFirst();
            } catch (ExecutionException | TimeoutException | KafkaException failure) {
                throw KafkaFailures.outage("looking for topic " + deadLetterTopic, failure);
            }
        });
    }

    @Override
    public void read(Instant from, Consumer<DeadLetter> each) throws TransientFailureException, InterruptedException {
        try (LetterReader reader = new LetterReader(kafka.consumer(), deadLetterTopic)) {
            reader.readFrom(from, each);
        }
    }

    @Override
    public void read(Collection<LetterId> letters, Consumer<DeadLetter> each)
            throws TransientFailureException, InterruptedException {
        try (LetterReader reader = new LetterReader(kafka.consumer(), deadLetterTopic)) {
            reader.read(letters, each);
        }
    }

    @Override
    public void replay(List<Replay> replays) throws TransientFailureException, InterruptedException {
        Map<String, Object> properties = new HashMap<>(kafka.producer());
        properties.putIfAbsent("linger.ms", "0");
        properties.putIfAbsent("max.block.ms", "10000");
        properties.putIfAbsent("request.timeout.ms", "5000");
        properties.putIfAbsent("delivery.timeout.ms", "20000");
        // What was taken once is taken again: what is too large is for the broker to say.
        properties.put("max.request.size", Integer.toString(64 << 20));
        try (KafkaProducer<byte[], byte[]> client =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (Replay replay : replays) {
                acknowledgements.add(client.send(ReplayRecords.of(streamTopic, replay)));
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get();
            }
        } catch (ExecutionException | KafkaException failure) {
            throw KafkaFailures.outage("sending dead letters to topic " + streamTopic, failure);
        }
    }

    @Override
    public void removeBefore(Map<Integer, Long> offsets) throws TransientFailureException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> removed = new HashMap<>();
        offsets.forEach((partition, offset) ->
                removed.put(new TopicPartition(deadLetterTopic, partition), RecordsToDelete.beforeOffset(offset)));
        try (Admin admin = Topics.admin(kafka.admin())) {
            admin.deleteRecords(removed).all().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("removing records from topic " + deadLetterTopic, failure);
        }
    }
}
