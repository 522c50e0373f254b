package io.rowrelay.it.stack;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes to topics past the daemons, byte for byte. */
public final class TopicClient implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;

    /** A client of the broker. */
    public TopicClient(String servers) {
        this(servers, "none");
    }

    private TopicClient(String servers, String compression) {
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "max.request.size",
                        Integer.toString(64 << 20),
                        "compression.type",
                        compression),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A client whose records take little on the topic where they are always the same. */
    public static TopicClient packing(String servers) {
        return new TopicClient(servers, "zstd");
    }

    /** Appends a record; the future waits until it is there. */
    public Future<RecordMetadata> sendLater(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** Appends a record and waits until it is there. */
    public RecordMetadata send(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        try {
            return sendLater(topic, key, value).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot write to " + topic, failure);
        }
    }

    /** Appends a record of texts and waits until it is there. */
    public RecordMetadata send(String topic, String key, String value) {
        return send(topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a header. */
    public RecordMetadata send(String topic, String key, String value, String header, String headerValue) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        record.headers().add(header, headerValue.getBytes(StandardCharsets.UTF_8));
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot write to " + topic, failure);
        }
    }

    /** Appends a record with so many headers of next to nothing, and waits until it is there. */
    public RecordMetadata sendHeaders(String topic, byte @Nullable [] key, byte @Nullable [] value, int count) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        for (int i = 0; i < count; i++) {
            record.headers().add("", null);
        }
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot write to " + topic, failure);
        }
    }

    /** Appends a record of nothing but zeros, which is as good as nothing on the topic. */
    public static RecordMetadata sendZeros(String servers, String topic, int bytes) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                servers,
                "compression.type",
                "zstd",
                "max.request.size",
                Integer.MAX_VALUE,
                "buffer.memory",
                2L * bytes);
        try (KafkaProducer<byte[], byte[]> client =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return client.send(new ProducerRecord<>(topic, new byte[bytes])).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot write to " + topic, failure);
        }
    }

    /** Returns a header's text, or the empty text where it is missing. */
    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
