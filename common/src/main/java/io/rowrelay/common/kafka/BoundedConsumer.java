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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
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
 * needs more is an {@link UnreadableRecordException}. Then the client may have passed records that it did not hand out, and cannot
 * pass what it has fetched of that partition: seek each of them, or open another client. Not thread-safe, as its parent.
 *
 * <p>Nothing can count a record with neither key nor value before the poll ends, so a client that reads many records at once can
 * {@link #overflowed overflow}; one that reads a record at a time cannot.
 */
public final class BoundedConsumer<V> extends KafkaConsumer<byte[], V> {
    private static final int PART_OF_MEMORY = 8;
    /** What a header takes beside its bytes: in the client, and in what is made of it. On the topic an empty one has two bytes. */
    private static final int HEADER_BYTES = 256;

    private static final Duration SEARCH_DEADLINE = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> properties;
    private final Budget budget;
    private boolean overflowed;

    private BoundedConsumer(
            Map<String, Object> properties, Deserializer<V> values, boolean keepsValues, Budget budget) {
        super(
                properties,
                new Counted<>(new ByteArrayDeserializer(), true, budget),
                new Counted<>(values, keepsValues, budget));
        this.properties = Map.copyOf(properties);
        this.budget = budget;
    }

    /** Keeps whole records, a record at a time, outside of the group. */
    public static BoundedConsumer<byte[]> ofBytes(Map<String, Object> properties) {
        return manyOfBytes(alone(properties), affordable());
    }

    /** Keeps next to nothing of a record's value, so that one is too large only where it does not fit the memory at all. */
    public static <V> BoundedConsumer<V> of(Map<String, Object> properties, Deserializer<V> values) {
        return new BoundedConsumer<>(alone(properties), values, false, new Budget(affordable()));
    }

    /** Keeps whole records, and reads as many at once as the properties say. */
    public static BoundedConsumer<byte[]> manyOfBytes(Map<String, Object> properties) {
        return manyOfBytes(properties, affordable());
    }

    /** The same with at most this many bytes in one poll. */
    public static BoundedConsumer<byte[]> manyOfBytes(Map<String, Object> properties, long mostBytes) {
        return new BoundedConsumer<>(properties, new ByteArrayDeserializer(), true, new Budget(mostBytes));
    }

    private static long affordable() {
        return Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
    }

    /** The properties of a client that reads a record at a time, in no group. */
    private static Map<String, Object> alone(Map<String, Object> properties) {
        Map<String, Object> alone = new HashMap<>(properties);
        alone.keySet()
                .removeAll(Set.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG));
        alone.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return alone;
    }

    /** Whether the records of a poll did not fit the memory together: then read on with a client that reads a record at a time. */
    public boolean overflowed() {
        return overflowed;
    }

    @Override
    public ConsumerRecords<byte[], V> poll(Duration timeout) {
        budget.begin();
        try {
            ConsumerRecords<byte[], V> records = super.poll(timeout);
            countBare(records);
            return records;
        } catch (RecordDeserializationException tooLarge) {
            throw unreadable(tooLarge.topicPartition(), tooLarge.offset());
        } catch (OutOfMemoryError tooLarge) {
            Optional<UnreadableRecordException> record = search();
            if (record.isEmpty() && readsOneAtATime()) {
                throw tooLarge;
            }
            throw record.isPresent() ? record.get() : overflow();
        }
    }

    /** The client asks no deserializer about a record with neither key nor value. */
    private void countBare(ConsumerRecords<byte[], V> records) {
        for (ConsumerRecord<byte[], V> record : records) {
            boolean bare = record.serializedKeySize() < 0 && record.serializedValueSize() < 0;
            if (bare && !budget.takes(bytes(record.headers()))) {
                throw records.count() == 1
                        ? unreadable(new TopicPartition(record.topic(), record.partition()), record.offset())
                        : overflow();
            }
        }
    }

    private boolean readsOneAtATime() {
        return String.valueOf(properties.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG))
                .equals("1");
    }

    private KafkaException overflow() {
        overflowed = true;
        return new KafkaException("the records of a poll do not fit the memory of this process together, "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB: they are read again, one at a time");
    }

    private UnreadableRecordException unreadable(TopicPartition partition, long offset) {
        return new UnreadableRecordException(
                partition, offset, String.valueOf(properties.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)));
    }

    /** The client does not say which record it was, so the next one of each partition is read again. */
    private Optional<UnreadableRecordException> search() {
        Set<TopicPartition> read = new HashSet<>(assignment());
        read.removeAll(paused());
        Map<String, Object> single = alone(properties);
        single.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
        long deadlineAt = System.nanoTime() + SEARCH_DEADLINE.toNanos();
        KafkaConsumer<Integer, Integer> client = new KafkaConsumer<>(single, new Size(), new Size());
        try {
            for (TopicPartition partition : read) {
                long next = position(partition, DEADLINE);
                if (!canBeRead(client, partition, next, deadlineAt)) {
                    return Optional.of(unreadable(partition, next));
                }
            }
            return Optional.empty();
        } finally {
            client.close(CloseOptions.timeout(DEADLINE));
        }
    }

    private static boolean canBeRead(
            KafkaConsumer<Integer, Integer> client, TopicPartition partition, long next, long deadlineAt) {
        client.assign(List.of(partition));
        client.seek(partition, next);
        long end = client.endOffsets(List.of(partition), DEADLINE).getOrDefault(partition, next);
        try {
            while (client.position(partition, DEADLINE) == next && next < end && System.nanoTime() - deadlineAt < 0) {
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
            if (!takes(bytes)) {
                throw new SerializationException("does not fit the memory beside the records before it");
            }
        }

        /** Whether there is room for them; if so, they have taken it. */
        private boolean takes(long bytes) {
            boolean fits = bytes <= left;
            left -= fits ? bytes : 0;
            return fits;
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
