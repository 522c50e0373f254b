package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.hostile.HostileRecord;
import io.rowrelay.it.hostile.HostileRecords;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer's jar, with 256 MB, under records made to do harm, with a valid one among eight. {@code
 * -Drowrelay.hostile=100000} sends more, {@code -Drowrelay.seed=...} repeats them.
 */
@Timeout(1800)
class HostileRecordsIT {
    private static final Logger LOG = LoggerFactory.getLogger(HostileRecordsIT.class);
    private static final String PREFIX = "__connect.errors.";
    private static final Duration LONG = Duration.ofMinutes(20);
    /** Not of Kafka: on a slow machine that can be slow to answer. */
    private static final Pattern WAITING = Pattern.compile("waiting: (applying|record)|ERROR |OutOfMemory");
    /** Takes any value of the columns there are, so that the destination has to judge them. */
    private static final String COLUMNS_ONLY = """
            {"additionalProperties": false, "properties": {"action_id": true, "action": true, "changed_at": true,
             "xid": true, "emp_id": true, "first_name": true, "last_name": true, "dob": true, "city": true, "salary": true}}
            """;

    private final Map<String, HostileRecord> hostile = new HashMap<>();
    private int neighbours;

    @Test
    void neither_crashes_nor_hangs_nor_loses_a_neighbour(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("rowrelay.seed", System.nanoTime());
        int records = Integer.getInteger("rowrelay.hostile", 20_000);
        LOG.info("hostile records={} repeat with -Drowrelay.seed={}", records, seed);
        Path anyValue = Files.writeString(directory.resolve("columns.schema.json"), COLUMNS_ONLY);

        attack("shipped", records / 2, seed);
        attack(anyValue.toString(), records / 2, seed + 1);
    }

    private void attack(String schema, int records, long seed) throws Exception {
        hostile.clear();
        neighbours = 0;
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", schema)) {
            try (RunningDaemon producer = pipeline.startProducer()) {
                await().atMost(Pipeline.PATIENCE).until(producer::isReady);
            }
            try (DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment())) {
                consumer.awaitReady();

                send(pipeline, records, seed);

                awaitNeighbours(pipeline, consumer);
                awaitNothingLeft(consumer);
                List<ConsumerRecord<byte[], byte[]>> dead =
                        Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic());
                verify(dead);
                verify(consumer);
                LOG.info(
                        "schema={} neighbours={} dead letters={} valid by chance={}",
                        schema,
                        neighbours,
                        dead.size(),
                        hostile.size());
            }
            assertThat(Topics.uncommitted(pipeline.bootstrapServers(), pipeline.topic(), pipeline.topic()))
                    .as("records behind the group's offsets")
                    .isZero();
        }
    }

    private void send(Pipeline pipeline, int records, long seed) throws Exception {
        HostileRecords source = new HostileRecords(seed);
        Random random = new Random(seed);
        try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            List<Future<RecordMetadata>> neighbourPlaces = new ArrayList<>();
            List<HostileRecord> sent = new ArrayList<>();
            List<Future<RecordMetadata>> places = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                if (random.nextInt(8) == 0) {
                    int key = 1_000_000 + neighbours++;
                    neighbourPlaces.add(client.sendLater(
                            pipeline.topic(),
                            ("" + key).getBytes(StandardCharsets.UTF_8),
                            HostileRecords.valid(1, key).getBytes(StandardCharsets.UTF_8)));
                } else {
                    HostileRecord next = source.next();
                    sent.add(next);
                    places.add(client.sendLater(pipeline.topic(), next.key(), next.value()));
                }
            }
            for (Future<RecordMetadata> place : neighbourPlaces) {
                place.get();
            }
            for (int i = 0; i < sent.size(); i++) {
                RecordMetadata place = places.get(i).get();
                hostile.put(place.partition() + "/" + place.offset(), sent.get(i));
            }
        }
    }

    private void awaitNeighbours(Pipeline pipeline, DaemonProcess consumer) {
        await("every neighbour in the destination")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(250))
                .failFast("the consumer ended", () -> !consumer.isAlive())
                .until(() -> Databases.query(
                                pipeline.destinationUrl(),
                                "SELECT count(*) FROM employees WHERE emp_id >= 1000000 AND city = 'Oslo'")
                        .equals(List.of("" + neighbours)));
    }

    /** Ready, and nothing on the topic that is not judged. */
    private void awaitNothingLeft(DaemonProcess consumer) {
        await("every record judged")
                .atMost(LONG)
                .failFast("the consumer ended", () -> !consumer.isAlive())
                .untilAsserted(() -> assertThat(consumer.judgedRecords()).isEqualTo(neighbours + hostile.size()));
        assertThat(consumer.get("/health/ready").status()).isEqualTo(200);
    }

    private void verify(List<ConsumerRecord<byte[], byte[]>> dead) {
        List<HostileRecord> missing = new ArrayList<>(
                hostile.values().stream().filter(HostileRecord::invalid).toList());
        for (ConsumerRecord<byte[], byte[]> record : dead) {
            String place = TopicClient.header(record, PREFIX + "partition") + "/"
                    + TopicClient.header(record, PREFIX + "offset");
            HostileRecord origin = hostile.remove(place);
            if (origin == null) {
                throw new AssertionError("a dead letter of a valid record, or a second one: " + place);
            }
            assertThat(record.key()).as(origin.name()).isEqualTo(origin.key());
            assertThat(record.value()).as(origin.name()).isEqualTo(origin.value());
            assertThat(TopicClient.header(record, PREFIX + "exception.message")).isNotEmpty();
            missing.remove(origin);
        }
        assertThat(missing).extracting(HostileRecord::name).isEmpty();
    }

    private static void verify(DaemonProcess consumer) {
        assertThat(consumer.stop(Duration.ofSeconds(10))).isZero();
        assertThat(consumer.errors()).isEmpty();
        List<String> troubles = consumer.output()
                .lines()
                .filter(line -> WAITING.matcher(line).find())
                .toList();
        assertThat(troubles).as("outages that a record made").isEmpty();
    }
}
