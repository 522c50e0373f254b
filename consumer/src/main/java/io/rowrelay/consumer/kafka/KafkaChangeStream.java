package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.consumer.apply.ChangeStream;
import io.rowrelay.consumer.apply.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic, read through a consumer of a group. Offsets are committed without waiting, and again, waiting, when a
 * partition leaves; a commit that is lost only repeats records. Not thread-safe.
 */
public final class KafkaChangeStream implements ChangeStream, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaChangeStream.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration QUIET_BEFORE_PROBE = Duration.ofSeconds(3);

    private final Supplier<Consumer<byte[], byte[]>> clients;
    private final String topic;
    private final OffsetGaps gaps;
    private final LongSupplier nanoClock;

    private final Map<TopicPartition, OffsetAndMetadata> polled = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> finished = new HashMap<>();
    private final Set<TopicPartition> gone = new HashSet<>();
    private @Nullable Consumer<byte[], byte[]> client;
    private @Nullable Consumer<byte[], byte[]> subscribed;
    private boolean held;
    private long heardAt;
    private long lag;

    /** The client is opened by the first poll, when its brokers can be found; it must not commit by itself. */
    public KafkaChangeStream(
            Supplier<Consumer<byte[], byte[]>> clients, String topic, OffsetGaps gaps, LongSupplier nanoClock) {
        this.clients = clients;
        this.topic = topic;
        this.gaps = gaps;
        this.nanoClock = nanoClock;
    }

    @Override
    public List<TopicRecord> poll() throws TransientFailureException {
        try {
            Consumer<byte[], byte[]> consumer = subscribe();
            if (held) {
                consumer.resume(consumer.assignment());
                held = false;
            }
            ConsumerRecords<byte[], byte[]> records = readOn(consumer, POLL);
            // What left during this poll has no records in it.
            gone.clear();
            polled.clear();
            polled.putAll(records.nextOffsets());
            probeWhenQuiet(consumer, records.isEmpty());
            lag = consumer.assignment().stream()
                    .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                    .sum();
            return topicRecords(records);
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("reading topic " + topic, failure);
        }
    }

    private ConsumerRecords<byte[], byte[]> readOn(Consumer<byte[], byte[]> consumer, Duration wait) {
        try {
            return consumer.poll(wait);
        } catch (NoOffsetForPartitionException | OffsetOutOfRangeException failure) {
            gaps.close(consumer, failure);
            return ConsumerRecords.empty();
        }
    }

    private Consumer<byte[], byte[]> subscribe() throws TransientFailureException {
        Consumer<byte[], byte[]> known = subscribed;
        if (known != null) {
            return known;
        }
        // Kept from attempt to attempt: each client has threads and metrics of its own.
        Consumer<byte[], byte[]> opened = client;
        if (opened == null) {
            opened = clients.get();
            client = opened;
        }
        if (opened.partitionsFor(topic, DEADLINE).isEmpty()) {
            throw new TransientFailureException(
                    "topic " + topic + " does not exist yet; the producer creates it", null);
        }
        opened.subscribe(List.of(topic), new Rebalance(opened));
        subscribed = opened;
        heardAt = nanoClock.getAsLong();
        return opened;
    }

    /** A consumer polls in silence when brokers or its group's coordinator are gone, so silence is looked into. */
    private void probeWhenQuiet(Consumer<byte[], byte[]> consumer, boolean quiet) {
        long now = nanoClock.getAsLong();
        if (quiet && now - heardAt < QUIET_BEFORE_PROBE.toNanos()) {
            return;
        }
        if (quiet) {
            TopicPartition first = new TopicPartition(topic, 0);
            Set<TopicPartition> assigned = consumer.assignment();
            consumer.endOffsets(assigned.isEmpty() ? Set.of(first) : assigned, QUIET_BEFORE_PROBE);
            consumer.committed(Set.of(first), QUIET_BEFORE_PROBE);
        }
        heardAt = now;
    }

    private static List<TopicRecord> topicRecords(ConsumerRecords<byte[], byte[]> records) {
        List<TopicRecord> read = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] key = record.key();
            read.add(new TopicRecord(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    key,
                    record.value(),
                    key == null ? 0 : Utils.murmur2(key)));
        }
        return read;
    }

    @Override
    public boolean isMember() {
        Consumer<byte[], byte[]> consumer = subscribed;
        return consumer != null && consumer.groupMetadata().generationId() >= 0;
    }

    @Override
    public Ownership keepAlive() throws TransientFailureException {
        Consumer<byte[], byte[]> consumer = subscribed;
        try {
            if (consumer != null) {
                consumer.pause(consumer.assignment());
                held = true;
                rewind(consumer, readOn(consumer, Duration.ZERO));
            }
            return record -> !gone.contains(new TopicPartition(record.topic(), record.partition()));
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("staying in the group of topic " + topic, failure);
        }
    }

    /** A partition that came during this poll can have brought records: they are to be read again later. */
    private static void rewind(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> early) {
        for (TopicPartition partition : early.partitions()) {
            consumer.seek(partition, early.records(partition).get(0).offset());
        }
    }

    @Override
    public void commit() {
        Consumer<byte[], byte[]> consumer = Objects.requireNonNull(subscribed, "nothing was polled");
        polled.keySet().removeAll(gone);
        finished.putAll(polled);
        polled.clear();
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.copyOf(finished);
        consumer.commitAsync(offsets, (committed, failure) -> {
            if (failure == null) {
                finished.entrySet().removeAll(committed.entrySet());
            } else {
                LOG.debug("offsets not committed, they go with the next commit", failure);
            }
        });
    }

    @Override
    public long lag() {
        return lag;
    }

    private void commitNow(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(finished);
        offsets.keySet().retainAll(Set.copyOf(partitions));
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, DEADLINE);
            finished.keySet().removeAll(offsets.keySet());
        } catch (KafkaException failure) {
            if (KafkaFailures.isHarmlessOnCommit(failure)) {
                LOG.debug("offsets not committed, the partitions have moved on", failure);
            } else {
                LOG.warn("offsets not committed, some records will be applied again: {}", failure.getMessage());
            }
        }
    }

    /** Commits what is finished and leaves the group. */
    @Override
    public void close() {
        Consumer<byte[], byte[]> consumer = client;
        if (consumer != null) {
            commitNow(consumer, consumer.assignment());
            consumer.close(CloseOptions.timeout(DEADLINE));
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        private Rebalance(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("partitions assigned={}", partitions);
            if (held) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                LOG.info("partitions revoked={}", partitions);
                commitNow(consumer, partitions);
                onPartitionsLost(partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            gone.addAll(partitions);
            finished.keySet().removeAll(Set.copyOf(partitions));
        }
    }
}
