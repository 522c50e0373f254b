package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.UnreadableRecordException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.EnvelopeHead;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Looks at single records, one in each partition: which change each is, never its row. Each call opens and closes a client of
 * its own.
 */
public final class TopicProbe {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int FETCH_BYTES = 64 << 10;

    /** What stands at an offset. */
    public enum Presence {
        /** A record. */
        THERE,
        /** Nothing any more: the retention or a compaction has removed it. */
        REMOVED,
        /** Nothing yet: the partition ends before. */
        BEYOND_THE_END
    }

    /**
     * An answer.
     *
     * @param presence what stands at the offset
     * @param actionId the change that the record is; 0 where there is none, or it is no change
     */
    public record Found(Presence presence, long actionId) {}

    private final KafkaConsumer<byte[], ValueFront> client;
    private final Map<TopicPartition, Long> wanted = new HashMap<>();
    private final Map<Partition, Found> found = new HashMap<>();

    private TopicProbe(KafkaConsumer<byte[], ValueFront> client) {
        this.client = client;
    }

    /**
     * Returns what stands at the offsets.
     *
     * @param consumer properties of a consumer
     * @param offsets by partition, of topics that exist; not negative
     * @throws OutageException when the broker does not answer in time, or refuses
     */
    public static Map<Partition, Found> read(Map<String, Object> consumer, Map<Partition, Long> offsets)
            throws OutageException, InterruptedException {
        if (offsets.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> bounded = TopicTail.bounded(consumer);
        bounded.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        Map<Partition, Long> unread = new HashMap<>(offsets);
        Map<Partition, Found> unreadable = new HashMap<>();
        try {
            while (true) {
                KafkaConsumer<byte[], ValueFront> client = BoundedConsumer.of(bounded, new ValueFront.Reader());
                try {
                    Map<Partition, Found> found = new TopicProbe(client).read(unread);
                    found.putAll(unreadable);
                    return found;
                } catch (UnreadableRecordException tooLarge) {
                    Partition partition = partition(tooLarge.partition());
                    unread.remove(partition);
                    // A change of ours would fit the memory.
                    unreadable.put(partition, new Found(Presence.THERE, 0));
                } finally {
                    client.close(CloseOptions.timeout(CLOSE_DEADLINE));
                }
            }
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while reading a topic").initCause(interrupted);
        } catch (InvalidOffsetException moved) {
            throw new OutageException("a topic changed while it was read: " + topics(offsets), moved);
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("reading records of topic " + topics(offsets), failure);
        }
    }

    private static String topics(Map<Partition, Long> offsets) {
        return offsets.keySet().stream().map(Partition::topic).distinct().collect(Collectors.joining(", "));
    }

    private Map<Partition, Found> read(Map<Partition, Long> offsets) throws OutageException {
        offsets.forEach(
                (partition, offset) -> wanted.put(new TopicPartition(partition.topic(), partition.number()), offset));
        Set<TopicPartition> partitions = Set.copyOf(wanted.keySet());
        client.assign(partitions);
        Map<TopicPartition, Long> begins = client.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = client.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long offset = wanted.getOrDefault(partition, 0L);
            if (offset >= ends.getOrDefault(partition, 0L)) {
                answer(partition, new Found(Presence.BEYOND_THE_END, 0));
            } else if (offset < begins.getOrDefault(partition, 0L)) {
                answer(partition, new Found(Presence.REMOVED, 0));
            } else {
                client.seek(partition, offset);
            }
        }
        long deadlineAt = System.nanoTime() + DEADLINE.toNanos();
        while (!wanted.isEmpty()) {
            if (System.nanoTime() - deadlineAt >= 0) {
                throw new OutageException("records of topic " + topics(offsets) + " cannot be read in time", null);
            }
            take(client.poll(POLL));
        }
        return found;
    }

    private void take(ConsumerRecords<byte[], ValueFront> records) {
        for (TopicPartition partition : records.partitions()) {
            answer(partition, found(partition, records.records(partition)));
        }
        // Offsets without a record, as those of transactions, are passed over without one.
        List<TopicPartition> passed = wanted.keySet().stream()
                .filter(partition -> client.position(partition) > wanted.getOrDefault(partition, Long.MAX_VALUE))
                .collect(Collectors.toList());
        passed.forEach(partition -> answer(partition, new Found(Presence.REMOVED, 0)));
    }

    private Found found(TopicPartition partition, List<ConsumerRecord<byte[], ValueFront>> records) {
        ConsumerRecord<byte[], ValueFront> first = records.get(0);
        if (first.offset() != wanted.getOrDefault(partition, -1L)) {
            return new Found(Presence.REMOVED, 0);
        }
        ValueFront front = first.value();
        long actionId = front == null
                ? 0
                : EnvelopeHead.parse(front.bytes()).map(EnvelopeHead::actionId).orElse(0L);
        return new Found(Presence.THERE, actionId);
    }

    private static Partition partition(TopicPartition partition) {
        return new Partition(partition.topic(), partition.partition());
    }

    private void answer(TopicPartition partition, Found answer) {
        if (wanted.remove(partition) != null) {
            found.put(partition(partition), answer);
            client.pause(Set.of(partition));
        }
    }
}
