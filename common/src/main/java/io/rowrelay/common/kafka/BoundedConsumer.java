package io.rowrelay.common.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that reads no more in one poll than its process can hold. A batch of a few kilobytes on the topic can unpack to
 * gigabytes, and no property of the client speaks of that: they count packed bytes.
 *
 * <p>A poll ends when its records have used a part of the memory; the next one goes on with the record behind them. One record that
 * needs more is an {@link UnreadableRecordException}, after which the client is to be replaced. Not thread-safe, as its parent.
 */
public final class BoundedConsumer<V> extends KafkaConsumer<byte[], V> {
    private static final int PART_OF_MEMORY = 8;
    /** What a header takes beside its bytes: in the client, and in what is made of it. On the topic an empty one has two bytes. */
    private static final int HEADER_BYTES = 256;
    /** A poll that does not fit the memory looked at no more records of a partition than this. */
    private static final long LONGEST_POLL = 5_000;

    private static final Duration SEARCH_DEADLINE = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> properties;
    private final Budget budget;

    private BoundedConsumer(
            Map<String, Object> properties, Deserializer<V> values, boolean keepsValues, Budget budget) {
        super(
                properties,
                new Counted<>(new ByteArrayDeserializer(), true, budget),
                new Counted<>(values, keepsValues, budget));
        this.properties = Map.copyOf(properties);
        this.budget = budget;
    }

    /** Keeps whole records. */
    public static BoundedConsumer<byte[]> ofBytes(Map<String, Object> properties) {
        return ofBytes(properties, affordable());
    }

    /** Keeps whole records, of so many bytes together in one poll. */
    public static BoundedConsumer<byte[]> ofBytes(Map<String, Object> properties, long mostBytes) {
        return new BoundedConsumer<>(properties, new ByteArrayDeserializer(), true, new Budget(mostBytes));
    }

    /** Keeps next to nothing of a record's value, so that one is too large only where it does not fit the memory at all. */
    public static <V> BoundedConsumer<V> of(Map<String, Object> properties, Deserializer<V> values) {
        return new BoundedConsumer<>(properties, values, false, new Budget(affordable()));
    }

    private static long affordable() {
        return Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
    }

    /** Takes the group out of a consumer's properties: what reads a range is in none. */
    public static void leaveGroup(Map<String, Object> properties) {
        properties
                .keySet()
                .removeAll(Set.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG));
    }

    @Override
    public ConsumerRecords<byte[], V> poll(Duration timeout) {
        budget.begin();
        try {
            return super.poll(timeout);
        } catch (RecordDeserializationException tooLarge) {
            throw unreadable(tooLarge.topicPartition(), tooLarge.offset());
        } catch (OutOfMemoryError tooLarge) {
            throw search().orElseThrow(() -> tooLarge);
        }
    }

    private UnreadableRecordException unreadable(TopicPartition partition, long offset) {
        return new UnreadableRecordException(
                partition, offset, String.valueOf(properties.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)));
    }

    /** The client does not say which record it was, so each partition is read again, a record at a time. */
    private Optional<UnreadableRecordException> search() {
        Set<TopicPartition> read = new HashSet<>(assignment());
        read.removeAll(paused());
        Map<String, Object> single = new HashMap<>(properties);
        leaveGroup(single);
        single.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        single.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
        long deadlineAt = System.nanoTime() + SEARCH_DEADLINE.toNanos();
        for (TopicPartition partition : read) {
            KafkaConsumer<Integer, Integer> client = new KafkaConsumer<>(single, new Size(), new Size());
            try {
                if (!canBeRead(client, partition, position(partition, DEADLINE), deadlineAt)) {
                    return Optional.of(unreadable(partition, client.position(partition, DEADLINE)));
                }
            } finally {
                client.close(CloseOptions.timeout(DEADLINE));
            }
        }
        return Optional.empty();
    }

    private static boolean canBeRead(
            KafkaConsumer<Integer, Integer> client, TopicPartition partition, long from, long deadlineAt) {
        client.assign(List.of(partition));
        client.seek(partition, from);
        long end = client.endOffsets(List.of(partition), DEADLINE).getOrDefault(partition, from);
        try {
            while (client.position(partition, DEADLINE) < Math.min(end, from + LONGEST_POLL)
                    && System.nanoTime() - deadlineAt < 0) {
                client.poll(POLL);
            }
            return true;
        } catch (OutOfMemoryError tooLarge) {
            return false;
        }
    }

    /** What the headers of a record take. */
    private static long bytes(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            // The client keeps all bytes of the record for a header of which nobody has asked for both.
            byte[] value = header.value();
            bytes += HEADER_BYTES + header.key().length() + (value == null ? 0 : value.length);
        }
        return bytes;
    }

    /** What the records of a poll may take yet, in bytes. */
    private static final class Budget {
        private final long most;
        private long left;
        /** Those of the record whose key was counted last, since they come with its value again. */
        private @Nullable Headers counted;

        private Budget(long most) {
            this.most = most;
        }

        private void begin() {
            left = most;
            counted = null;
        }

        private void take(Headers headers) {
            if (headers != counted) {
                counted = headers;
                take(bytes(headers));
            }
        }

        /** The client takes a failure here for the end of the poll where it has records, and asks for the same record again. */
        private void take(long bytes) {
            if (bytes > left) {
                throw new SerializationException("does not fit the memory beside the records before it");
            }
            left -= bytes;
        }
    }

    private record Counted<T>(Deserializer<T> inner, boolean kept, Budget budget) implements Deserializer<T> {
        @Override
        public T deserialize(String topic, byte[] data) {
            budget.take(kept ? data.length : 0);
            return inner.deserialize(topic, data);
        }

        @Override
        public T deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
            budget.take(headers);
            budget.take(kept && data != null ? data.remaining() : 0);
            return inner.deserialize(topic, headers, data);
        }
    }

    /** Copies nothing. */
    private static final class Size implements Deserializer<Integer> {
        @Override
        public Integer deserialize(String topic, byte[] data) {
            return data.length;
        }

        @Override
        public Integer deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
            return data == null ? 0 : data.remaining();
        }
    }
}
