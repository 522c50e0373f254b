package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.TopicRange;
import io.rowrelay.stream.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;

/** Reads a topic as far as it goes now: that of the dead letters, or the stream's own. Not thread-safe. */
final class DlqReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);

    private final String topic;
    private final Duration timeout;
    private final CommandClock clock;
    private final KafkaConsumer<byte[], byte[]> client;
    /** When the last record came. */
    private Duration movedAt = Duration.ZERO;

    DlqReader(AdminSettings settings, CommandClock clock, String topic) {
        this.topic = topic;
        this.timeout = settings.timeout();
        this.clock = clock;
        Map<String, Object> properties = Topics.patient(settings.kafka().consumer(), timeout);
        this.client = BoundedConsumer.ofBytes(properties);
    }

    /** Every dead letter since then. */
    void readFrom(Instant from, Consumer<DeadLetter> each) throws OutageException, InterruptedException {
        guarded(() -> {
            List<TopicPartition> partitions = client.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            Map<TopicPartition, Long> begins = new HashMap<>(client.beginningOffsets(partitions));
            Map<TopicPartition, Long> ends = client.endOffsets(partitions);
            if (from.isAfter(Instant.EPOCH)) {
                Map<TopicPartition, Long> times = new HashMap<>();
                partitions.forEach(partition -> times.put(partition, from.toEpochMilli()));
                Map<TopicPartition, OffsetAndTimestamp> found = client.offsetsForTimes(times);
                partitions.forEach(partition -> {
                    OffsetAndTimestamp first = found.get(partition);
                    begins.put(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
                });
            }
            read(begins, ends, each);
        });
    }

    /** Those of the dead letters that still exist. */
    void read(Collection<DeadLetterId> letters, Consumer<DeadLetter> each)
            throws OutageException, InterruptedException {
        guarded(() -> {
            Set<TopicPartition> there = new HashSet<>();
            client.partitionsFor(topic).forEach(known -> there.add(new TopicPartition(topic, known.partition())));
            Map<TopicPartition, Long> first = client.beginningOffsets(there);
            Map<TopicPartition, Long> last = client.endOffsets(there);
            // One by one: two of them can lie far apart, with much between them.
            for (DeadLetterId letter : new TreeSet<>(letters)) {
                TopicPartition partition = new TopicPartition(topic, letter.partition());
                long offset = letter.offset();
                if (there.contains(partition)
                        && offset >= first.getOrDefault(partition, 0L)
                        && offset < last.getOrDefault(partition, 0L)) {
                    read(Map.of(partition, offset), Map.of(partition, offset + 1), each);
                }
            }
        });
    }

    private void read(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, Consumer<DeadLetter> each)
            throws OutageException {
        movedAt = clock.now();
        boolean read = TopicRange.read(
                client,
                from,
                to,
                POLL,
                record -> {
                    each.accept(letter(record));
                    movedAt = clock.now();
                },
                () -> clock.since(movedAt).compareTo(timeout) < 0);
        if (!read) {
            throw new OutageException("topic " + topic + " cannot be read: nothing comes", null);
        }
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        List<DeadLetter.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new DeadLetter.Header(header.key(), header.value()));
        }
        return new DeadLetter(
                new DeadLetterId(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                headers);
    }

    /** A look at the topic. */
    @FunctionalInterface
    private interface Look {
        void run() throws OutageException;
    }

    private void guarded(Look look) throws OutageException, InterruptedException {
        try {
            look.run();
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while reading a topic").initCause(interrupted);
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("reading topic " + topic, failure);
        }
    }

    @Override
    public void close() {
        client.close(CloseOptions.timeout(CLOSE_DEADLINE));
    }
}
