package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.UnreadableRecordException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.it.stack.Backend;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.producer.ProducerSettings;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.kafka.TopicTail;
import io.rowrelay.stream.record.PublishedChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the ends of a topic tell, on a real broker. */
@Timeout(120)
class TopicTailIT {
    private static final int LARGE_BYTES = 5_000_000;

    private final KafkaClientSettings kafka = KafkaClientSettings.from(Settings.read(
            SettingsSource.of(
                    Map.of("KAFKA_BOOTSTRAP_SERVERS", Backend.running().bootstrapServers())),
            ProducerSettings.TABLE));

    @Test
    void is_empty_of_a_topic_that_has_just_been_created() throws Exception {
        create("tail_empty", 3);

        assertThat(TopicTail.read(kafka.consumer(), "tail_empty")).isEmpty();
    }

    @Test
    void is_an_outage_of_a_topic_that_is_not_there() {
        assertThatThrownBy(() -> TopicTail.read(kafka.consumer(), "tail_missing"))
                .isInstanceOf(OutageException.class);
    }

    @Test
    void holds_the_last_hundred_changes_of_a_partition_and_nothing_that_is_no_change() throws Exception {
        create("tail_small", 1);
        try (TopicClient client = new TopicClient(Backend.running().bootstrapServers())) {
            for (int id = 1; id <= 150; id++) {
                client.send("tail_small", "1", change(id, ""));
            }
            client.send("tail_small", "1", "no change");
            client.send("tail_small", new byte[] {1}, null);
        }

        assertThat(TopicTail.read(kafka.consumer(), "tail_small"))
                .extracting(PublishedChange::actionId)
                .containsOnly(LongStream.rangeClosed(53, 150).boxed().toArray(Long[]::new));
    }

    @Test
    void holds_fewer_changes_where_they_are_large_but_always_the_last_one_of_each_partition() throws Exception {
        create("tail_large", 2);
        String filling = "x".repeat(LARGE_BYTES);
        try (TopicClient client = new TopicClient(Backend.running().bootstrapServers())) {
            for (int id = 1; id <= 12; id++) {
                client.send("tail_large", Integer.toString(id), change(id, filling));
            }
        }

        List<PublishedChange> tail = TopicTail.read(kafka.consumer(), "tail_large");

        assertThat(tail).extracting(PublishedChange::actionId).contains(12L);
        assertThat(tail)
                .hasSizeLessThanOrEqualTo(4)
                .extracting(PublishedChange::source)
                .containsOnly("");
    }

    @Test
    void reads_no_more_records_at_once_than_fit_the_memory_and_loses_none() throws Exception {
        create("bounded", 2);
        try (TopicClient client = new TopicClient(Backend.running().bootstrapServers())) {
            List<Future<RecordMetadata>> sent = IntStream.range(0, 20)
                    .mapToObj(n -> client.sendLater("bounded", new byte[] {(byte) n}, new byte[400]))
                    .toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            try (BoundedConsumer<byte[]> reader = BoundedConsumer.manyOfBytes(kafka.consumer(), 1_000)) {
                assertReadsTwoAtMost(reader, 20, new TopicPartition("bounded", 0), new TopicPartition("bounded", 1));

                RecordMetadata large = client.send("bounded", new byte[] {1}, new byte[1_000]);
                assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(10)))
                        .isInstanceOf(UnreadableRecordException.class)
                        .hasMessageContaining("record " + large + " does not fit the memory of this process");
            }
        }
    }

    @Test
    void counts_what_headers_take_of_the_memory_however_few_bytes_they_have() throws Exception {
        create("headers", 1);
        try (TopicClient client = new TopicClient(Backend.running().bootstrapServers());
                BoundedConsumer<byte[]> reader = BoundedConsumer.manyOfBytes(kafka.consumer(), 60_000)) {
            for (int n = 0; n < 10; n++) {
                client.sendHeaders("headers", new byte[] {(byte) n}, null, 100);
            }

            assertReadsTwoAtMost(reader, 10, new TopicPartition("headers", 0));
        }
    }

    /** No deserializer sees such a record. */
    @Test
    void records_with_nothing_but_headers_that_do_not_fit_the_memory_together_are_read_one_at_a_time()
            throws Exception {
        create("bare", 1);
        List<TopicPartition> partitions = List.of(new TopicPartition("bare", 0));
        Map<String, Object> properties = new HashMap<>(kafka.consumer());
        try (TopicClient client = new TopicClient(Backend.running().bootstrapServers())) {
            for (int n = 0; n < 10; n++) {
                client.sendHeaders("bare", null, null, 100);
            }
            RecordMetadata large = client.sendHeaders("bare", null, null, 300);
            try (BoundedConsumer<byte[]> many = BoundedConsumer.manyOfBytes(properties, 60_000)) {
                many.assign(partitions);
                many.seekToBeginning(partitions);
                assertThatThrownBy(() -> {
                            while (true) {
                                many.poll(Duration.ofMillis(100));
                            }
                        })
                        .hasMessageContaining("do not fit the memory of this process together");
                assertThat(many.overflowed()).isTrue();
            }

            properties.put("max.poll.records", 1);
            try (BoundedConsumer<byte[]> single = BoundedConsumer.manyOfBytes(properties, 60_000)) {
                single.assign(partitions);
                single.seekToBeginning(partitions);
                await().atMost(Pipeline.PATIENCE)
                        .until(
                                () -> single.poll(Duration.ofMillis(100)).isEmpty()
                                        ? 0L
                                        : single.position(partitions.get(0)),
                                position -> position == 10);
                assertThatThrownBy(() -> single.poll(Duration.ofSeconds(10)))
                        .isInstanceOf(UnreadableRecordException.class)
                        .hasMessageContaining("record " + large + " ");
                assertThat(single.overflowed()).isFalse();
            }
        }
    }

    /** Each record once, although a poll ends when its records have used the memory. */
    private static void assertReadsTwoAtMost(
            BoundedConsumer<byte[]> reader, int records, TopicPartition... partitions) {
        reader.assign(List.of(partitions));
        reader.seekToBeginning(List.of(partitions));
        List<Byte> read = new ArrayList<>();
        await().atMost(Pipeline.PATIENCE).until(() -> {
            ConsumerRecords<byte[], byte[]> polled = reader.poll(Duration.ofMillis(100));
            assertThat(polled.count()).isLessThanOrEqualTo(2);
            polled.forEach(record -> read.add(record.key()[0]));
            return read.size() >= records;
        });
        assertThat(read).doesNotHaveDuplicates().hasSize(records);
    }

    private void create(String topic, int partitions) throws Exception {
        TopicCreation.createMissing(
                kafka.admin(), topic, partitions, -1, Map.of("max.message.bytes", Integer.toString(2 * LARGE_BYTES)));
    }

    private static String change(int id, String filling) {
        return "{\"action_id\":" + id
                + ",\"action\":\"UPDATE\",\"changed_at\":\"2026-01-01T00:00:00+00:00\",\"filling\":\"" + filling
                + "\"}";
    }
}
