package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.UnreadableRecordException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.EnvelopeHead;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.record.RecordAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what stands at the ends of a topic's partitions: which change each record is, never its row. What
 * is written meanwhile is not waited for. Each call opens and closes a client of its own.
 */
public final class TopicTail {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final int RECORDS_OF_A_PARTITION = 100;
    private static final int RECORDS = 5_000;
    private static final long BYTES = 16L << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration REQUEST_DEADLINE = Duration.ofMillis(2_500);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);
    private static final int FETCH_WAIT_MS = 5;
    private static final Duration POLL = Duration.ofMillis(50);

    private final String topic;
    private final KafkaConsumer<byte[], ValueFront> client;
    private final long deadlineAt = System.nanoTime() + DEADLINE.toNanos();
    private final List<PublishedChange> changes = new ArrayList<>();
    private long largestValueBytes = 1;

    private TopicTail(String topic, KafkaConsumer<byte[], ValueFront> client) {
        this.topic = topic;
        this.client = client;
    }

    /**
     * Returns the last changes of every partition, up to a hundred each, fewer where they are large; a change can come
     * twice. Records that are no changes are passed over, and so is a partition with a record that does not fit the memory: a change
     * of ours would.
     *
     * @param consumer properties of a consumer
     * @param topic a topic that exists; it may be empty
     * @throws OutageException when the broker does not answer in time, or refuses
     */
    public static List<PublishedChange> read(Map<String, Object> consumer, String topic)
            throws OutageException, InterruptedException {
        Set<TopicPartition> passedOver = new HashSet<>();
        try {
            while (true) {
                KafkaConsumer<byte[], ValueFront> client =
                        BoundedConsumer.of(bounded(consumer), new ValueFront.Reader());
                try {
                    return new TopicTail(topic, client).read(passedOver);
                } catch (UnreadableRecordException tooLarge) {
                    LOG.warn(
                            "looking at the topic without partition {}: {}",
                            tooLarge.partition(),
                            tooLarge.getMessage());
                    passedOver.add(tooLarge.partition());
                } finally {
                    client.close(CloseOptions.timeout(CLOSE_DEADLINE));
                }
            }
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while reading a topic").initCause(interrupted);
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("reading the tail of topic " + topic, failure);
        }
    }

    /** A fetch may not bring much more than one large record: the client holds it in memory whole. */
    static Map<String, Object> bounded(Map<String, Object> consumer) {
        Map<String, Object> bounded = new HashMap<>(consumer);
        bounded.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
        bounded.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);
        bounded.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        // Else a fetch at the end of a partition keeps the next one waiting for as long as the broker waits for
        // records.
        bounded.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        bounded.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_DEADLINE.toMillis());
        bounded.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) REQUEST_DEADLINE.toMillis());
        return bounded;
    }

    private List<PublishedChange> read(Set<TopicPartition> passedOver) throws OutageException {
        List<TopicPartition> partitions = client.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new OutageException("topic " + topic + " is not there (yet)", null);
        }
        Map<TopicPartition, Long> begins = client.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(client.endOffsets(partitions));
        ends.keySet().removeAll(passedOver);
        // The very last records are the most useful, and show how large a record is.
        read(1, begins, ends);
        long affordable = Math.min(RECORDS, BYTES / largestValueBytes) / partitions.size();
        int depth = (int) Math.min(RECORDS_OF_A_PARTITION, affordable);
        if (depth > 1) {
            read(depth, begins, ends);
        }
        return changes;
    }

    private void read(int depth, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends)
            throws OutageException {
        Map<TopicPartition, Long> from = new HashMap<>();
        ends.forEach(
                (partition, end) -> from.put(partition, Math.max(begins.getOrDefault(partition, end), end - depth)));
        boolean read = TopicRange.read(client, from, ends, POLL, this::note, () -> System.nanoTime() - deadlineAt < 0);
        if (!read) {
            throw new OutageException("topic " + topic + " cannot be read to its end in time", null);
        }
    }

    private void note(ConsumerRecord<byte[], ValueFront> record) {
        ValueFront front = record.value();
        if (front == null) {
            return;
        }
        largestValueBytes = Math.max(largestValueBytes, front.valueBytes());
        EnvelopeHead.parse(front.bytes())
                .ifPresent(head -> changes.add(new PublishedChange(
                        address(record), source(record), head.actionId(), head.changedAtMicros(), timeline(record))));
    }

    private static RecordAddress address(ConsumerRecord<byte[], ValueFront> record) {
        return new RecordAddress(new Partition(record.topic(), record.partition()), record.offset());
    }

    /** A writer of the topic can write anything into a header. */
    private static int timeline(ConsumerRecord<byte[], ValueFront> record) {
        String text = header(record, PublishedChange.TIMELINE_HEADER);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    /** Goes into messages to a human, so it must be what a producer writes. */
    private static String source(ConsumerRecord<byte[], ValueFront> record) {
        String text = header(record, PublishedChange.SOURCE_HEADER);
        return text.matches("-?[0-9]{1,19}") ? text : "";
    }

    private static String header(ConsumerRecord<byte[], ValueFront> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
