package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.consumer.jdbc.JdbcProgress;
import io.rowrelay.consumer.kafka.StreamTopics;
import io.rowrelay.consumer.kafka.WithheldPartitions;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A foreign program joins the consumer group, takes partitions and applies nothing. */
@Timeout(180)
class WithheldPartitionsIT {
    private static final int PARTITIONS = 3;

    private final Pipeline pipeline = Pipeline.create();
    private final String topic = pipeline.topic();
    private final HikariDataSource pool = Databases.pool(pipeline.destinationUrl(), "");
    private final JdbcProgress progress = new JdbcProgress(pool, "employees", topic);
    private final Map<Partition, Long> ends = new HashMap<>();
    private long now;
    private WithheldPartitions watch;

    @BeforeEach
    void each_partition_has_records() {
        Topics.create(pipeline.bootstrapServers(), topic, PARTITIONS);
        try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            // More than one in each: with fewer none could be applied in part.
            for (int key = 0; key < 100; key++) {
                var sent = client.send(topic, Integer.toString(key), "{}");
                ends.put(new Partition(topic, sent.partition()), sent.offset() + 1);
            }
        }
        watch = watch(Duration.ofSeconds(10));
    }

    private WithheldPartitions watch(Duration referenceWait) {
        return new WithheldPartitions(
                new WithheldPartitions.Subject(
                        () -> Map.of("bootstrap.servers", pipeline.bootstrapServers()),
                        StreamTopics.of(topic),
                        topic,
                        referenceWait),
                () -> Optional.of(Set.of(new Partition(topic, 0))),
                progress,
                () -> now);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
        pipeline.close();
    }

    /** It commits offsets as if it had applied everything, which nobody but the destination can tell. */
    @Test
    void a_partition_of_another_member_that_stands_still_is_named_with_the_member() throws Exception {
        try (KafkaConsumer<byte[], byte[]> foreign = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", pipeline.bootstrapServers(),
                        "group.id", topic,
                        "client.id", "foreign",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            foreign.subscribe(List.of(topic));
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> !foreign.poll(Duration.ofMillis(100)).isEmpty());
            foreign.seekToEnd(foreign.assignment());
            foreign.poll(Duration.ofMillis(100));
            foreign.commitSync();
            applied(1);

            look(Duration.ofSeconds(119));
            assertThat(watch.text()).isEmpty();
            assertThat(watch.count()).isZero();
            look(Duration.ofSeconds(1));

            assertThat(watch.text())
                    .contains(
                            "partitions [2] of topic " + topic + " with member foreign-",
                            "client id foreign at /127.0.0.1",
                            "KAFKA_GROUP_ID");
            assertThat(watch.count()).isEqualTo(1);
        }

        look(Duration.ZERO);
        assertThat(watch.text()).contains("partitions [2]", "no member of consumer group");
        applied(2);
        look(Duration.ZERO);
        assertThat(watch.text()).isEmpty();
    }

    @Test
    void one_that_moves_on_slowly_is_well() throws Exception {
        applied(1);
        applied(2, 0);
        look(Duration.ofSeconds(110));
        applied(2, end(2) - 1);
        look(Duration.ofSeconds(110));

        assertThat(watch.text()).isEmpty();
        look(Duration.ofSeconds(10));
        assertThat(watch.text()).contains("partitions [2]");
    }

    /** A batch waits for the row that a change of it refers to. */
    @Test
    void one_whose_batch_is_kept_open_is_well() throws Exception {
        applied(1);
        watch = watch(Duration.ofMinutes(10));

        look(Duration.ofMinutes(10));
        assertThat(watch.text()).isEmpty();
        look(Duration.ofSeconds(30));
        assertThat(watch.text()).contains("partitions [2]", "no progress for 630 s");
    }

    private long end(int partition) {
        return ends.getOrDefault(new Partition(topic, partition), 0L);
    }

    private void applied(int partition) throws Exception {
        applied(partition, end(partition));
    }

    private void applied(int partition, long next) throws Exception {
        String topicId = io.rowrelay.stream.kafka.Topics.ends(
                        Map.of("bootstrap.servers", pipeline.bootstrapServers()), topic)
                .topicId();
        progress.correct(Map.of(new Partition(topic, partition), new PartitionProgress(topicId, next)));
    }

    /** As often as the daemon does. */
    private void look(Duration longEnough) throws Exception {
        watch.step();
        now += longEnough.toNanos();
        watch.step();
    }
}
