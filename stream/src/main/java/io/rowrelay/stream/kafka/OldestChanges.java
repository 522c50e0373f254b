package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.EnvelopeHead;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** When the records at some offsets were changed in the source; each call opens and closes a client of its own. */
public final class OldestChanges {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(50);

    private OldestChanges() {}

    /**
     * Reads one record of each partition.
     *
     * @param properties of a consumer of bytes
     * @param offsets the record of each partition
     * @return by partition; without those where only the marker of a transaction is
     * @throws OutageException when they cannot be read in a few seconds
     */
    public static Map<Partition, Instant> read(Map<String, Object> properties, Map<Partition, Long> offsets)
            throws OutageException, InterruptedException {
        if (offsets.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, Long> unread = new HashMap<>();
        offsets.forEach(
                (partition, offset) -> unread.put(new TopicPartition(partition.topic(), partition.number()), offset));
        try {
            KafkaConsumer<byte[], byte[]> client = BoundedConsumer.ofBytes(bounded(properties));
            try {
                return read(client, unread);
            } finally {
                client.close(CloseOptions.timeout(CLOSE_DEADLINE));
            }
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while reading a topic").initCause(interrupted);
        } catch (KafkaException failure) {
            throw KafkaFailures.outage(
                    "reading topic "
                            + offsets.keySet().stream()
                                    .map(Partition::topic)
                                    .distinct()
                                    .collect(Collectors.joining(", ")),
                    failure);
        }
    }

    /** The smallest fetch there is: a single record of each partition. */
    private static Map<String, Object> bounded(Map<String, Object> properties) {
        Map<String, Object> bounded = new HashMap<>(properties);
        bounded.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
        bounded.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        bounded.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis());
        bounded.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis());
        return bounded;
    }

    private static Map<Partition, Instant> read(KafkaConsumer<byte[], byte[]> client, Map<TopicPartition, Long> offsets)
            throws OutageException {
        Set<TopicPartition> unread = new HashSet<>(offsets.keySet());
        client.assign(unread);
        offsets.forEach(client::seek);
        Map<Partition, Instant> changed = new HashMap<>();
        long deadlineAt = System.nanoTime() + DEADLINE.toNanos();
        while (!unread.isEmpty() && System.nanoTime() - deadlineAt < 0) {
            ConsumerRecords<byte[], byte[]> polled = client.poll(POLL);
            for (TopicPartition partition : polled.partitions()) {
                if (unread.remove(partition)) {
                    changed.put(
                            new Partition(partition.topic(), partition.partition()),
                            changedAt(polled.records(partition).get(0)));
                    client.pause(List.of(partition));
                }
            }
        }
        // Past its offset without a record: only the marker of a transaction was there.
        unread.removeIf(partition -> client.position(partition) > offsets.getOrDefault(partition, Long.MAX_VALUE));
        if (!unread.isEmpty()) {
            throw new OutageException("the records that wait cannot be read in time", null);
        }
        return changed;
    }

    /** When the row was changed; of a record that is no change, when it was sent. */
    private static Instant changedAt(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return Optional.ofNullable(value)
                .flatMap(bytes ->
                        EnvelopeHead.parse(Arrays.copyOf(bytes, Math.min(bytes.length, EnvelopeHead.LONGEST_BYTES))))
                .map(head -> Instant.EPOCH.plus(head.changedAtMicros(), ChronoUnit.MICROS))
                .orElse(Instant.ofEpochMilli(record.timestamp()));
    }
}
