package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.PublishedChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends dead letters to the stream's topic again, as the records that they were. */
final class ReplaySender implements Replays {
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(1);

    /**
     * Not copied: why it was rejected, the former count, and the header by which the producer tells from the topic
     * whether its source was restored. An old change at the end of the topic must not be evidence of that.
     */
    private static final Set<String> LEFT_BEHIND =
            Set.of(DeadLetterNames.REASON, DeadLetterNames.REPLAYS, PublishedChange.SOURCE_HEADER);

    private final AdminSettings settings;
    private final String topic;

    ReplaySender(AdminSettings settings) {
        this.settings = settings;
        this.topic = settings.stream().topic();
    }

    /** Appends key and value of each to the topic, in this order, and waits until all are acknowledged. */
    @Override
    public void send(List<Replay> replays) throws OutageException, InterruptedException {
        KafkaProducer<byte[], byte[]> client =
                new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
            for (Replay replay : replays) {
                acknowledgements.add(client.send(record(replay)));
            }
            for (int i = 0; i < replays.size(); i++) {
                await(acknowledgements.get(i), replays.get(i));
            }
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("sending dead letters to topic " + topic, failure);
        } finally {
            client.close(CLOSE_DEADLINE);
        }
    }

    /** Unlike the daemons, it gives up after a while, since a person waits for it. */
    private Map<String, Object> properties() {
        long millis = settings.timeout().toMillis();
        Map<String, Object> properties = new HashMap<>(settings.kafka().producer());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(millis));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(millis / 2));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(millis));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // The broker took these records once and decides by itself what is too large.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(64 << 20));
        return properties;
    }

    private void await(Future<RecordMetadata> acknowledgement, Replay replay)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            acknowledgement.get(2 * settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause && KafkaFailures.isTooLarge(cause)) {
                throw new CommandFailedException(
                        "dead letter " + replay.letter().id() + " is too large for topic " + topic
                                + ": raise its max.message.bytes, or name the other dead letters");
            }
            throw failure;
        }
    }

    private ProducerRecord<byte[], byte[]> record(Replay replay) {
        DeadLetter letter = replay.letter();
        List<Header> headers = new ArrayList<>();
        for (DeadLetter.Header header : letter.headers()) {
            if (!header.name().startsWith(DeadLetterNames.CONNECT) && !LEFT_BEHIND.contains(header.name())) {
                headers.add(new RecordHeader(header.name(), header.value()));
            }
        }
        String count = Integer.toString(replay.number());
        headers.add(new RecordHeader(DeadLetterNames.REPLAYS, count.getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(topic, null, letter.key(), letter.value(), headers);
    }
}
