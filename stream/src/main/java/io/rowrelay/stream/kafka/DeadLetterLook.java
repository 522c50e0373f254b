package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Finds out which records of a dead-letter topic are a stream's: several streams can share one. Not thread-safe. */
public final class DeadLetterLook implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<Admin> clients;
    private final Supplier<Map<String, Object>> consumer;
    private final String topic;
    private final Predicate<String> streamTopic;
    private @Nullable Admin client;

    /** {@code consumer} has the properties of a consumer of bytes; clients are opened when they are needed. */
    public DeadLetterLook(
            Supplier<Admin> clients, Supplier<Map<String, Object>> consumer, String topic, String streamTopic) {
        this(clients, consumer, topic, streamTopic::equals);
    }

    /** The same for a stream of several topics; {@code streamTopic} tells which they are. */
    public DeadLetterLook(
            Supplier<Admin> clients,
            Supplier<Map<String, Object>> consumer,
            String topic,
            Predicate<String> streamTopic) {
        this.clients = clients;
        this.consumer = consumer;
        this.topic = topic;
        this.streamTopic = streamTopic;
    }

    /**
     * Where the topic begins and ends.
     *
     * @param topicId its identity; empty when there is no such topic
     * @param begins the first offset that each partition still has
     * @param ends the offset that its next record gets
     */
    public record Span(String topicId, Map<Integer, Long> begins, Map<Integer, Long> ends) {
        public Span {
            begins = Map.copyOf(begins);
            ends = Map.copyOf(ends);
        }

        /** The result when nothing was read after {@code readTo}. */
        private SeenDeadLetters nothing(int partition, long readTo) {
            long begin = begins.getOrDefault(partition, 0L);
            long from = Math.max(begin, readTo);
            return new SeenDeadLetters(partition, begin, from, from, "{}", 0);
        }
    }

    /** Asks where the topic begins and ends. */
    public Span span() throws OutageException, InterruptedException {
        try {
            TopicDescription described =
                    get(admin().describeTopics(List.of(topic)).allTopicNames()).get(topic);
            if (described == null) {
                return new Span("", Map.of(), Map.of());
            }
            return new Span(
                    described.topicId().toString(),
                    offsets(described, OffsetSpec.earliest()),
                    offsets(described, OffsetSpec.latest()));
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return new Span("", Map.of(), Map.of());
            }
            throw outage(failure);
        } catch (TimeoutException | KafkaException failure) {
            throw outage(failure);
        }
    }

    /**
     * Reads the dead letters up to the end of the span, or for as long as given.
     *
     * @param readTo by partition, where reading ended before
     */
    public List<SeenDeadLetters> read(Span span, Map<Integer, Long> readTo, Duration atMost)
            throws OutageException, InterruptedException {
        List<SeenDeadLetters> seen = new ArrayList<>();
        Map<Integer, Reading> unread = new HashMap<>();
        span.ends().forEach((partition, end) -> {
            SeenDeadLetters nothing = span.nothing(partition, readTo.getOrDefault(partition, 0L));
            if (nothing.from() >= end) {
                seen.add(nothing);
            } else {
                unread.put(partition, new Reading(nothing, end));
            }
        });
        if (!unread.isEmpty()) {
            read(unread, atMost);
            unread.values().forEach(reading -> seen.add(reading.seen()));
        }
        return seen;
    }

    private void read(Map<Integer, Reading> unread, Duration atMost) throws OutageException, InterruptedException {
        try {
            KafkaConsumer<byte[], byte[]> reader = BoundedConsumer.ofBytes(properties());
            try {
                read(reader, unread, System.nanoTime() + atMost.toNanos());
            } finally {
                reader.close(CloseOptions.timeout(CLOSE_DEADLINE));
            }
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while reading a topic").initCause(interrupted);
        } catch (KafkaException failure) {
            throw outage(failure);
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> reader, Map<Integer, Reading> readings, long deadlineAt) {
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<TopicPartition, Long> to = new HashMap<>();
        readings.forEach((number, reading) -> {
            TopicPartition partition = new TopicPartition(topic, number);
            from.put(partition, reading.before.to());
            to.put(partition, reading.end);
        });
        TopicRange.read(
                reader,
                from,
                to,
                POLL,
                record -> Objects.requireNonNull(readings.get(record.partition()), "what was asked for")
                        .take(record, isOfStream(record)),
                () -> System.nanoTime() - deadlineAt < 0);
        readings.forEach((number, reading) ->
                reading.to = Math.min(reading.end, reader.position(new TopicPartition(topic, number))));
    }

    /** One that names no topic counts as one of this stream. */
    private boolean isOfStream(ConsumerRecord<byte[], byte[]> record) {
        Header origin = record.headers().lastHeader(DeadLetterNames.TOPIC);
        return origin == null
                || origin.value() == null
                || streamTopic.test(new String(origin.value(), StandardCharsets.UTF_8));
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(consumer.get());
        // Dead letters can be large, and only their headers are read: keep little of them in memory.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(256 << 10));
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(DEADLINE.toMillis()));
        properties.putIfAbsent(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Long.toString(DEADLINE.multipliedBy(2).toMillis()));
        return properties;
    }

    private Map<Integer, Long> offsets(TopicDescription described, OffsetSpec which)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        described.partitions().forEach(each -> asked.put(new TopicPartition(topic, each.partition()), which));
        Map<Integer, Long> offsets = new HashMap<>();
        get(admin().listOffsets(asked).all())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    private Admin admin() {
        Admin open = client;
        if (open == null) {
            open = clients.get();
            client = open;
        }
        return open;
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private OutageException outage(Exception failure) {
        // A client keeps the credentials that it was opened with; the next look opens one with the current ones.
        if (KafkaFailures.isAuthentication(failure)) {
            close();
            client = null;
        }
        return KafkaFailures.outage("counting the dead letters on topic " + topic, failure);
    }

    @Override
    public void close() {
        Admin open = client;
        if (open != null) {
            open.close(CLOSE_DEADLINE);
        }
    }

    /** A partition as it is read. */
    private static final class Reading {
        private final SeenDeadLetters before;
        private final long end;
        private final LetterRanges letters = new LetterRanges();
        private long to;
        private long rejected;

        private Reading(SeenDeadLetters before, long end) {
            this.before = before;
            this.end = end;
            this.to = before.to();
        }

        private void take(ConsumerRecord<byte[], byte[]> record, boolean ofStream) {
            if (!ofStream) {
                return;
            }
            letters.add(record.offset());
            if (record.headers().lastHeader(DeadLetterNames.OFFSET) != null) {
                rejected++;
            }
        }

        private SeenDeadLetters seen() {
            return new SeenDeadLetters(
                    before.partition(), before.begin(), before.from(), to, letters.toString(), rejected);
        }
    }
}
