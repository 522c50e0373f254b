package io.rowrelay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.consumer.apply.Rejected.Reason;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that nobody could apply, between records that are to be applied. */
@Timeout(240)
class GarbageIT {
    private static final String PREFIX = "__connect.errors.";
    private static final int BROKER_LIMIT_BYTES = 1_048_588;

    @Test
    void dead_letters_every_kind_of_garbage_and_applies_the_good_records_around_it() throws Exception {
        check("shipped", garbage());
    }

    @Test
    void dead_letters_what_the_destination_refuses_where_no_schema_is_given() throws Exception {
        check("none", refusedByTheDestination());
    }

    @Test
    void dead_letters_every_second_row_when_the_destination_refuses_every_second() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            Databases.execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ADD CHECK (emp_id % 2 = 0), ALTER city SET NOT NULL");
            pipeline.start();

            Databases.execute(pipeline.sourceUrl(), """
                    INSERT INTO employees (emp_id, first_name, city)
                    SELECT n, 'n' || n, CASE WHEN n % 100 = 0 THEN NULL ELSE 'Oslo' END FROM generate_series(1, 2000) n""");

            awaitRows(pipeline, 980);
            List<ConsumerRecord<byte[], byte[]>> dead = awaitDeadLetters(client, pipeline, 1020);
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
        try (Pipeline pipeline = Pipeline.create();
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (salary < 100)");
            pipeline.startProducer();
            Databases.execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (first_name, salary) SELECT 'first', 1 FROM generate_series(1, 50)",
                    "UPDATE employees SET salary = 2",
                    "UPDATE employees SET salary = 300 + emp_id",
                    "UPDATE employees SET salary = 400 + emp_id WHERE emp_id <= 25");

            pipeline.startConsumer();

            awaitRows(pipeline, 50);
            assertThat(awaitDeadLetters(client, pipeline, 75)).hasSize(75);
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT DISTINCT salary FROM employees"))
                    .containsExactly("2.00");

            Databases.execute(pipeline.sourceUrl(), "UPDATE employees SET salary = 50");
            pipeline.awaitEqual();
        }
    }

    private record Garbage(
            String name, byte @Nullable [] key, byte @Nullable [] value, Reason reason, String explanation) {
        Garbage(String name, String key, String value, Reason reason, String explanation) {
            this(name, utf8(key), utf8(value), reason, explanation);
        }
    }

    /** Sends each piece between two good records, and looks for all of them. */
    private static void check(String schema, List<Garbage> pieces) throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", schema).start();
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            RunningDaemon consumer = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(consumer::isReady);
            List<RecordMetadata> places = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                client.send(pipeline.topic(), "" + (1000 + i), good(1000 + i));
                places.add(client.send(
                        pipeline.topic(), pieces.get(i).key(), pieces.get(i).value()));
                client.send(pipeline.topic(), "" + (2000 + i), good(2000 + i));
            }

            awaitRows(pipeline, 2 * pieces.size());
            List<ConsumerRecord<byte[], byte[]>> dead = awaitDeadLetters(client, pipeline, pieces.size());

            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < pieces.size(); i++) {
                verify(softly, pieces.get(i), places.get(i), find(dead, places.get(i)));
            }
            softly.assertAll();
            assertThat(consumer.isReady()).isTrue();
            assertThat(consumer.reasons()).containsExactly("applying");
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

    private static String stage(Reason reason) {
        return switch (reason) {
            case KEY -> "KEY_CONVERTER";
            case NOT_JSON, ENVELOPE, SCHEMA -> "VALUE_CONVERTER";
            case DESTINATION -> "TASK_PUT";
        };
    }

    /** What the record itself gives away. */
    private static List<Garbage> garbage() {
        String k = "7";
        List<Garbage> all = new ArrayList<>();
        for (String text : List.of(
                "",
                " ",
                "not JSON",
                "null",
                "7",
                "\"text\"",
                "[1,2]",
                "[" + row("") + "]",
                row("") + row(""),
                row("") + " x",
                row("").substring(0, 40),
                row(",}"),
                "{'action_id': 7}",
                row(",\"salary\":NaN"),
                row(",\"salary\":01"),
                row(",\"city\":\"line\nbreak\""),
                row(",\"city\":\"\\x\""),
                row(",\"city\":\"a\",\"city\":\"b\""),
                row(",\"emp_id\":7"),
                row(",\"city\":" + "[".repeat(100_000) + "]".repeat(100_000)),
                row(",\"city\":" + "{\"a\":".repeat(100_000)),
                row(",\"salary\":" + "9".repeat(200_000)),
                "x".repeat(900_000))) {
            all.add(new Garbage(
                    "not JSON: " + text.substring(0, Math.min(80, text.length())), k, text, Reason.NOT_JSON, ""));
        }
        all.add(new Garbage(
                "a name of 450 kB twice",
                k,
                row((",\"" + "n".repeat(450_000) + "\":1").repeat(2)),
                Reason.NOT_JSON,
                "twice"));
        all.add(new Garbage(
                "invalid UTF-8", utf8(k), bytes(row(",\"city\":\"\u00ff\u00fe\"")), Reason.NOT_JSON, "UTF-8"));
        all.add(new Garbage(
                "overlong UTF-8", utf8(k), bytes(row(",\"city\":\"\u00c0\u00af\"")), Reason.NOT_JSON, "UTF-8"));
        all.add(new Garbage(
                "a surrogate in UTF-8",
                utf8(k),
                bytes(row(",\"city\":\"\u00ed\u00a0\u0080\"")),
                Reason.NOT_JSON,
                "UTF-8"));
        all.add(new Garbage(
                "a key that is not UTF-8", new byte[] {(byte) 0xff}, utf8(row("")), Reason.NOT_JSON, "UTF-8"));
        all.add(new Garbage("UTF-16", utf8(k), row("").getBytes(StandardCharsets.UTF_16BE), Reason.NOT_JSON, ""));
        all.add(new Garbage("UTF-8 with a byte order mark", k, "\ufeff" + row(""), Reason.NOT_JSON, ""));
        for (String id : List.of(
                "0", "-1", "1.5", "7.0", "7e0", "\"7\"", "9223372036854775808", "1e400", "true", "null", "{}", "[7]")) {
            String value = "{\"action_id\":" + id + ",\"action\":\"INSERT\",\"emp_id\":7}";
            all.add(new Garbage("action_id " + id, k, value, Reason.ENVELOPE, "action_id must be"));
        }
        all.add(new Garbage(
                "no action_id", k, "{\"action\":\"INSERT\",\"emp_id\":7}", Reason.ENVELOPE, "action_id must be"));
        for (String action : List.of("\"UPSERT\"", "\"insert\"", "null", "1", "[\"INSERT\"]", "\"\"")) {
            String value = "{\"action_id\":1,\"action\":" + action + ",\"emp_id\":7}";
            all.add(new Garbage("action " + action, k, value, Reason.ENVELOPE, "action must be"));
        }
        all.add(new Garbage("empty object", k, "{}", Reason.ENVELOPE, ""));
        all.add(new Garbage("Kafka tombstone", utf8(k), null, Reason.ENVELOPE, "no value"));
        all.add(new Garbage("nothing at all", (byte[]) null, null, Reason.ENVELOPE, "no value"));
        all.add(new Garbage("no key on the record", null, utf8(row("")), Reason.KEY, "no key"));
        all.add(new Garbage("another key on the record", "8", row(""), Reason.KEY, "emp_id"));
        all.add(new Garbage("an empty key on the record", "", row(""), Reason.KEY, "emp_id"));
        all.add(new Garbage(
                "no key in the value",
                k,
                "{\"action_id\":1,\"action\":\"INSERT\",\"city\":\"x\"}",
                Reason.KEY,
                "emp_id"));
        all.add(new Garbage(
                "null as key in the value",
                k,
                "{\"action_id\":1,\"action\":\"DELETE\",\"emp_id\":null}",
                Reason.KEY,
                "emp_id"));
        all.add(new Garbage(
                "an object as key",
                k,
                "{\"action_id\":1,\"action\":\"DELETE\",\"emp_id\":{\"a\":7}}",
                Reason.KEY,
                "emp_id"));
        for (String key :
                List.of("7.5", "\"7\"", "1e9", "2147483648", "1e999999999", "true", "1e-999999999", "1e99999999999")) {
            all.add(new Garbage(
                    "key " + key,
                    key.replace("\"", ""),
                    "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":" + key + "}",
                    Reason.SCHEMA,
                    key.contains("99999999999") ? "" : "emp_id"));
        }
        for (String member : List.of(
                "\"unknown\":1",
                "\"salary\":-0.01",
                "\"salary\":\"many\"",
                "\"salary\":1e400",
                "\"salary\":1e999999999",
                "\"salary\":" + "9".repeat(5001),
                "\"salary\":true",
                "\"dob\":\"9999-99-99\"",
                "\"dob\":20260101",
                "\"dob\":\"yesterday\"",
                "\"first_name\":" + "\"" + "x".repeat(101) + "\"",
                "\"first_name\":[\"x\"]",
                "\"city\":{}",
                "\"city\":\"" + "y".repeat(900_000) + "\"",
                "\"" + "u".repeat(900_000) + "\":1")) {
            String name = member.substring(1, Math.min(member.indexOf('"', 1), 20));
            all.add(new Garbage(
                    member.substring(0, Math.min(40, member.length())), k, row("," + member), Reason.SCHEMA, name));
        }
        all.add(new Garbage("an exponent beyond 32 bits", k, row(",\"salary\":1e99999999999"), Reason.SCHEMA, ""));
        all.add(new Garbage("a day that was not", k, row(",\"dob\":\"2021-02-30\""), Reason.DESTINATION, "22008"));
        all.add(new Garbage("U+0000", k, row(",\"city\":\"a\\u0000b\""), Reason.DESTINATION, "22P05"));
        all.add(new Garbage("lone high surrogate", k, row(",\"city\":\"a\\ud83d\""), Reason.DESTINATION, "22"));
        all.add(new Garbage("lone low surrogate", k, row(",\"city\":\"a\\ude00\""), Reason.DESTINATION, "22"));
        byte[] largest = utf8("z".repeat(BROKER_LIMIT_BYTES - 100));
        all.add(new Garbage("as large as the broker takes", utf8(k), largest, Reason.NOT_JSON, ""));
        return all;
    }

    /** What only the types and constraints of the table refuse. */
    private static List<Garbage> refusedByTheDestination() {
        List<Garbage> all = new ArrayList<>();
        for (String member : List.of(
                "\"salary\":1e400",
                "\"salary\":1e999999999",
                "\"salary\":1e99999999999",
                "\"salary\":" + "9".repeat(5001),
                "\"salary\":\"many\"",
                "\"salary\":true",
                "\"salary\":[1]",
                "\"salary\":{\"a\":1}",
                "\"dob\":\"9999-99-99\"",
                "\"dob\":\"2021-02-30\"",
                "\"dob\":true",
                "\"dob\":\"" + "d".repeat(900_000) + "\"",
                "\"first_name\":\"" + "x".repeat(101) + "\"",
                "\"city\":\"a\\u0000b\"",
                "\"city\":\"a\\ud83d\"",
                "\"city\":\"" + "y".repeat(900_000) + "\"")) {
            all.add(new Garbage(
                    member.substring(0, Math.min(40, member.length())),
                    "7",
                    row("," + member),
                    Reason.DESTINATION,
                    "SQLSTATE 22"));
        }
        for (String key : List.of("7.5", "2147483648", "1e9", "x", "true")) {
            String value =
                    "{\"action_id\":1,\"action\":\"DELETE\",\"emp_id\":" + (key.equals("x") ? "\"x\"" : key) + "}";
            all.add(new Garbage("key " + key, key, value, Reason.DESTINATION, "SQLSTATE 22"));
        }
        return all;
    }

    private static String row(String members) {
        return "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":7" + members + "}";
    }

    private static String good(int key) {
        return "{\"action_id\":1,\"action\":\"UPDATE\",\"xid\":\"77\",\"emp_id\":" + key
                + ",\"city\":\"Oslo\",\"dob\":null}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Each character is a byte. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return TopicClient.header(record, PREFIX + name);
    }

    private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }

    private static void awaitRows(Pipeline pipeline, int count) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(
                        () -> assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM employees"))
                                .containsExactly("" + count));
    }

    private static List<ConsumerRecord<byte[], byte[]>> awaitDeadLetters(
            TopicClient client, Pipeline pipeline, int count) {
        return await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> client.records(pipeline.deadLetterTopic()), dead -> dead.size() >= count);
    }
}
