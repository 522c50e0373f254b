package io.rowrelay.it.consumer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dead letters that nothing was done about are a problem everywhere, whoever wrote them and before which restart. */
@Timeout(300)
class OpenDeadLettersIT {
    private static final String OPEN = "rowrelay_dead_letters_open";
    private static final String OFFSET = "__connect.errors.offset";
    private static final String LOST = "rowrelay_dead_letters_lost";

    private final Pipeline pipeline = Pipeline.create().with("TOPIC_PARTITIONS", "2");

    @BeforeEach
    void rejectThreeOfTen() {
        execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CONSTRAINT small CHECK (emp_id <= 7)");
        pipeline.startProducer();
        Employees.insertKeys(pipeline.sourceUrl(), 1, 10);
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void are_told_by_everything_until_they_are_dealt_with_and_never_count_as_applied() throws Exception {
        try (DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment()).awaitReady()) {
            awaitNumber(consumer, OPEN, 3);
            // As a producer leaves one for a change that is too large; and as another stream does, that shares the
            // topic.
            append(pipeline.topic());
            append("another_" + pipeline.topic());
            awaitNumber(consumer, OPEN, 4);

            assertThat(consumer.get("/health/ready").status()).isEqualTo(200);
            awaitReason(consumer, "\"applying; 4 dead letters are open\"");
            assertThat(consumer.output()).contains(" dead letters are open, see rowrelay dlq list: ");
            JsonNode status = status();
            assertThat(status.path("applied").path("records").asLong()).isEqualTo(7);
            assertThat(status.path("dead_lettered").path("records").asLong()).isEqualTo(3);
            assertThat(status.path("dead_lettered").path("open").asLong()).isEqualTo(4);
            assertThat(admin(0, "status"))
                    .contains("applied       7 records", "dead-lettered 3 records, 4 letters open")
                    .contains("NOT in the destination: see dlq list");
            assertThat(admin(3, "doctor")).contains("4 open in " + pipeline.deadLetterTopic(), "dlq list");
            assertThat(admin(3, "verify")).contains("4 dead letters are open: see dlq list and doctor");
        }
        try (DaemonProcess restarted = new DaemonProcess("consumer", pipeline.environment()).awaitReady()) {
            awaitNumber(restarted, OPEN, 4);

            execute(pipeline.destinationUrl(), "ALTER TABLE employees DROP CONSTRAINT small");
            forge();
            assertThat(admin(4, "dlq", "replay"))
                    .contains(
                            "NOT sent: is not the record that was rejected: the topic has another record",
                            "NOT sent: is not the record that was rejected: the topic has never had a record");
            awaitNumber(restarted, OPEN, 3);
            pipeline.awaitEqual();
            admin(0, "dlq", "discard", "--key", "99", "--reason", "DESTINATION", "--yes");
            admin(0, "dlq", "discard", "--reason", "TOO_LARGE", "--yes", "--purge");

            awaitNumber(restarted, OPEN, 0);
            awaitNumber(restarted, LOST, 0);
            awaitReason(restarted, "\"applying\"");
            // All ten, but each forged dead letter counts as the rejection of one.
            assertThat(status().path("applied").path("records").asLong()).isEqualTo(8);
            assertThat(status().path("dead_lettered").path("open").asLong()).isZero();
            assertThat(admin(0, "verify")).doesNotContain("dead letter");
        }
    }

    @Tag("nightly")
    @Test
    void are_remembered_as_lost_when_the_topic_drops_them_first() throws Exception {
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        try (DaemonProcess consumer = new DaemonProcess("consumer", environment).awaitReady()) {
            awaitNumber(consumer, OPEN, 3);
            removeLetters();
            awaitNumber(consumer, LOST, 3);
            awaitNumber(consumer, OPEN, 0);
        }
        Employees.insertKeys(pipeline.sourceUrl(), 11, 11);
        try (DaemonProcess restarted = new DaemonProcess("consumer", environment).awaitReady()) {
            awaitNumber(restarted, OPEN, 1);
            awaitNumber(restarted, LOST, 3);
            assertThat(admin(0, "status")).contains("3 LOST from the topic: see doctor");
            assertThat(admin(3, "doctor")).contains("3 lost from " + pipeline.deadLetterTopic(), "discard --lost");

            // Deleted, and created again by the consumer.
            try (Admin client = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()))) {
                client.deleteTopics(List.of(pipeline.deadLetterTopic())).all().get(30, TimeUnit.SECONDS);
            }
            awaitNumber(restarted, LOST, 4);

            assertThat(admin(0, "dlq", "discard", "--lost")).contains("lost dead letters are not counted any more");
            awaitNumber(restarted, LOST, 0);
        }
    }

    @Tag("nightly")
    @Test
    void are_counted_for_a_role_with_no_more_than_it_needs() {
        String role = "role_" + pipeline.topic();
        execute(
                pipeline.destinationUrl(),
                "DO $$ BEGIN CREATE ROLE " + role
                        + " LOGIN PASSWORD 'cdc'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "SELECT cdc_grant_destination('employees', '" + role + "')");
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        environment.put("DESTINATION_DB_USER", role);
        try (DaemonProcess consumer = new DaemonProcess("consumer", environment).awaitReady()) {
            awaitNumber(consumer, OPEN, 3);
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    Databases.query(
                                            pipeline.destinationUrl(),
                                            "SELECT sum(rejected) || '|' || sum(upper(letters) - lower(letters)) FROM cdc_dead_letter_seen"))
                            .containsExactly("3|3"));
            assertThat(status().path("dead_lettered").path("open").asLong()).isEqualTo(3);
        }
    }

    /** A reference, as a producer writes it. */
    private void append(String origin) throws Exception {
        try (KafkaProducer<byte[], byte[]> client = new KafkaProducer<>(
                Map.of("bootstrap.servers", pipeline.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                    pipeline.deadLetterTopic(), 0, bytes("99"), bytes("{\"action_id\":99,\"bytes\":9}"));
            letter.headers()
                    .add("__connect.errors.topic", bytes(origin))
                    .add("__connect.errors.stage", bytes("KAFKA_PRODUCE"))
                    .add("rowrelay.reason", bytes("TOO_LARGE"));
            client.send(letter).get(30, TimeUnit.SECONDS);
        }
    }

    /** What somebody who may write to the topic makes of a dead letter: of a record that is there, and of one that never was. */
    private void forge() throws Exception {
        ConsumerRecord<byte[], byte[]> genuine = pipeline.awaitDeadLetters(3).stream()
                .filter(letter -> letter.headers().lastHeader(OFFSET) != null)
                .findFirst()
                .orElseThrow();
        try (KafkaProducer<byte[], byte[]> client = new KafkaProducer<>(
                Map.of("bootstrap.servers", pipeline.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String offset : List.of(header(genuine, OFFSET), "1000000")) {
                Headers headers =
                        new RecordHeaders(genuine.headers()).remove(OFFSET).add(OFFSET, bytes(offset));
                client.send(new ProducerRecord<>(
                                pipeline.deadLetterTopic(),
                                0,
                                bytes("99"),
                                bytes("{\"action_id\":99,\"action\":\"INSERT\",\"emp_id\":99,\"salary\":1000000}"),
                                headers))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void removeLetters() throws Exception {
        try (Admin client = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()))) {
            Map<TopicPartition, RecordsToDelete> all = Map.of(
                    new TopicPartition(pipeline.deadLetterTopic(), 0), RecordsToDelete.beforeOffset(-1),
                    new TopicPartition(pipeline.deadLetterTopic(), 1), RecordsToDelete.beforeOffset(-1));
            client.deleteRecords(all).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static void awaitNumber(DaemonProcess daemon, String metric, double wanted) {
        await(metric + " to be " + wanted)
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(daemon.get("/metrics")
                                .body()
                                .lines()
                                .filter(line -> line.startsWith(metric + "{"))
                                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                        .containsExactly(wanted));
    }

    private static void awaitReason(DaemonProcess daemon, String reason) {
        await(reason)
                .atMost(Pipeline.PATIENCE)
                .until(() -> daemon.get("/health/ready").body().contains(reason));
    }

    private JsonNode status() {
        return JsonMapper.builder().build().readTree(admin(0, "status", "--json"));
    }

    private String admin(int exitCode, String... arguments) {
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
