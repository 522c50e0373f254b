package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.stream.record.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that nobody could apply, between records that are to be applied. */
@Timeout(240)
class GarbageIT {
    private static final String PREFIX = "__connect.errors.";

    @Test
    void dead_letters_every_kind_of_garbage_and_applies_the_good_records_around_it() throws Exception {
        check("shipped", Garbage.inTheRecordItself());
    }

    @Test
    void dead_letters_what_the_destination_refuses_where_no_schema_is_given() throws Exception {
        check("none", Garbage.refusedByTheDestination());
    }

    @Tag("nightly")
    @Test
    void dead_letters_every_second_row_when_the_destination_refuses_every_second() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ADD CHECK (emp_id % 2 = 0), ALTER city SET NOT NULL");
            pipeline.start();

            Databases.execute(pipeline.sourceUrl(), """
                    INSERT INTO employees (emp_id, first_name, city)
                    SELECT n, 'n' || n, CASE WHEN n % 100 = 0 THEN NULL ELSE 'Oslo' END FROM generate_series(1, 2000) n""");

            pipeline.awaitRows(980);
            List<ConsumerRecord<byte[], byte[]>> dead = pipeline.awaitDeadLetters(1020);
            assertThat(dead).allMatch(record -> header(record, "stage").equals("TASK_PUT"));
            assertThat(dead)
                    .filteredOn(record -> header(record, "exception.message").contains("23514"))
                    .hasSize(1000);
            assertThat(dead)
                    .filteredOn(record -> header(record, "exception.message").contains("23502"))
                    .hasSize(20);
            assertThat(keys(dead))
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 2000)
                            .filter(n -> n % 2 == 1 || n % 100 == 0)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    @Test
    void shows_the_newest_change_of_a_key_that_the_destination_takes() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (salary < 100)");
            pipeline.startProducer();
            Databases.execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (first_name, salary) SELECT 'first', 1 FROM generate_series(1, 50)",
                    "UPDATE employees SET salary = 2",
                    "UPDATE employees SET salary = 300 + emp_id",
                    "UPDATE employees SET salary = 400 + emp_id WHERE emp_id <= 25");

            pipeline.startConsumer();

            pipeline.awaitRows(50);
            assertThat(pipeline.awaitDeadLetters(75)).hasSize(75);
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT DISTINCT salary FROM employees"))
                    .containsExactly("2.00");

            Databases.execute(pipeline.sourceUrl(), "UPDATE employees SET salary = 50");
            pipeline.awaitEqual();
        }
    }

    /** Sends each piece between two good records, and looks for all of them. */
    private static void check(String schema, List<Garbage> pieces) throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", schema);
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(consumer::isReady);
            int said = consumer.reasons().size();
            List<RecordMetadata> places = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                client.send(pipeline.topic(), "" + (1000 + i), good(1000 + i));
                places.add(client.send(
                        pipeline.topic(), pieces.get(i).key(), pieces.get(i).value()));
                client.send(pipeline.topic(), "" + (2000 + i), good(2000 + i));
            }

            pipeline.awaitRows(2 * pieces.size());
            List<ConsumerRecord<byte[], byte[]>> dead = pipeline.awaitDeadLetters(pieces.size());

            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < pieces.size(); i++) {
                verify(softly, pieces.get(i), places.get(i), find(dead, places.get(i)));
            }
            softly.assertAll();
            assertThat(consumer.isReady()).isTrue();
            assertThat(consumer.reasons().stream().skip(said)).allMatch(reason -> reason.startsWith("applying"));
        }
    }

    private static ConsumerRecord<byte[], byte[]> find(
            List<ConsumerRecord<byte[], byte[]>> dead, RecordMetadata place) {
        return dead.stream()
                .filter(record -> header(record, "partition").equals("" + place.partition())
                        && header(record, "offset").equals("" + place.offset()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no dead letter of " + place));
    }

    private static void verify(
            SoftAssertions softly, Garbage piece, RecordMetadata place, ConsumerRecord<byte[], byte[]> dead) {
        String message = header(dead, "exception.message");
        softly.assertThat(dead.key()).as(piece.name()).isEqualTo(piece.key());
        softly.assertThat(dead.value()).as(piece.name()).isEqualTo(piece.value());
        softly.assertThat(header(dead, "topic")).as(piece.name()).isEqualTo(place.topic());
        softly.assertThat(header(dead, "connector.name")).isEqualTo("rowrelay-consumer-employees");
        softly.assertThat(header(dead, "task.id")).isEqualTo("0");
        softly.assertThat(header(dead, "stage")).as(piece.name()).isEqualTo(stage(piece.reason()));
        softly.assertThat(header(dead, "class.name")).startsWith("io.rowrelay.consumer");
        softly.assertThat(header(dead, "exception.class.name")).endsWith("Exception");
        softly.assertThat(message)
                .as(piece.name())
                .startsWith(piece.reason() + ": ")
                .containsIgnoringCase(piece.explanation());
        softly.assertThat(message).as(piece.name()).hasSizeLessThan(3000);
        softly.assertThat(header(dead, "exception.stacktrace")).as(piece.name()).isNotEmpty();
    }

    private static String stage(RejectionReason reason) {
        return switch (reason) {
            case KEY -> "KEY_CONVERTER";
            case NOT_JSON, ENVELOPE, SCHEMA -> "VALUE_CONVERTER";
            case DESTINATION -> "TASK_PUT";
            case TOO_LARGE, UNPRINTABLE -> throw new AssertionError("not a reason of the consumer: " + reason);
        };
    }

    private static String good(int key) {
        return "{\"action_id\":1,\"action\":\"UPDATE\",\"xid\":\"77\",\"emp_id\":" + key
                + ",\"city\":\"Oslo\",\"dob\":null}";
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return TopicClient.header(record, PREFIX + name);
    }

    private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }
}
