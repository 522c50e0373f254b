package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code admin.jar dlq ...}, the real jar, on what a real consumer refused. */
@Tag("nightly")
@Timeout(300)
class DeadLetterCommandsIT {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG = 2;
    private static final int LEFT = 4;
    private static final String NOWHERE = "ALTER TABLE employees ADD CONSTRAINT somewhere CHECK (city <> 'Nowhere')";
    private static final String ANYWHERE = "ALTER TABLE employees DROP CONSTRAINT somewhere";

    @Test
    void lists_what_was_refused_by_reason_key_and_time_without_values() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.destinationUrl(), NOWHERE);
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, first_name, city) VALUES (1, 'Secret', 'Oslo'),"
                            + " (2, 'Secret', 'Nowhere'), (3, 'Secret', 'Nowhere')");
            pipeline.awaitDeadLetters(2);
            try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
                client.send(pipeline.topic(), "4", "Secret, and no JSON");
            }
            pipeline.awaitDeadLetters(3);

            assertThat(dlq(pipeline, LEFT, "list"))
                    .contains("total=3 open=3")
                    .contains("2 DESTINATION (SQLSTATE 23514 somewhere), 1 NOT_JSON")
                    .containsPattern("\\n[0-9]:0 +20[^ ]+Z +4 +NOT_JSON +" + pipeline.topic() + "-[0-9]@0 +0\\n")
                    .doesNotContain("Secret");
            assertThat(dlq(pipeline, LEFT, "list", "--reason", "not_json")).contains("total=1 open=1");
            assertThat(dlq(pipeline, LEFT, "list", "--reason", "SOMEWHERE", "--key", "2"))
                    .contains("total=1 open=1");
            assertThat(dlq(pipeline, LEFT, "list", "--since", "1h", "--json"))
                    .contains("\"open\":3", "\"key\":\"2\"", "\"state\":\"open\"")
                    .doesNotContain("Secret");
            assertThat(dlq(pipeline, DONE, "list", "--until", "1h")).startsWith("none on ");
            assertThat(dlq(pipeline, WRONG, "list", "--since", "yesterday")).contains("2026-11-22T10:00:00Z");
            assertThat(dlq(pipeline, WRONG, "list", "17")).contains("17 is no id of a dead letter");
        }
    }

    @Test
    void says_that_nothing_was_refused_where_there_is_no_dead_letter_topic() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            assertThat(dlq(pipeline, DONE, "list")).contains("none on " + pipeline.deadLetterTopic());
            assertThat(dlq(pipeline, DONE, "replay")).contains("sent=0");
            assertThat(dlq(pipeline, FAILED, "show", "0:0")).contains("there is no dead letter [0:0]");
        }
    }

    @Test
    void shows_the_letter_beside_the_row_as_it_is_in_destination_and_source() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Oslo')");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), NOWHERE);
            execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Nowhere', first_name = E'\\u001b[31m'");
            String id = id(pipeline.awaitDeadLetters(1).get(0));
            execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Bergen'");
            pipeline.awaitEqual();

            String shown = dlq(pipeline, DONE, "show", id);

            assertThat(shown)
                    .containsPattern("city +Nowhere +Bergen +Bergen\n")
                    .containsPattern("action_id +2 +3 +-\n")
                    .contains("superseded: the dead letter is change 2, the destination shows change 3")
                    .contains("__connect.errors.exception.message", "rowrelay.source", "\\u001b[31m")
                    .doesNotContain("\u001b");
            assertThat(dlq(pipeline, DONE, "show", id, "--json"))
                    .contains(
                            "\"if_sent_again\":\"superseded\"", "\"city\":\"Bergen\"", "\\\"city\\\":\\\"Nowhere\\\"");
        }
    }

    @Test
    void replays_once_the_cause_is_gone_and_says_so_when_it_is_not() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.destinationUrl(), NOWHERE);
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Nowhere'), (2, 'Nowhere')");
            pipeline.awaitDeadLetters(2);
            long before = records(pipeline).size();

            assertThat(dlq(pipeline, LEFT, "replay"))
                    .contains("NOT sent: would be rejected again: ERROR: new row", "somewhere", "sent=0", "not_sent=2");
            execute(pipeline.destinationUrl(), ANYWHERE);
            assertThat(dlq(pipeline, DONE, "replay", "--dry-run")).contains("would be sent=2", "; nothing was");
            assertThat(records(pipeline)).hasSize((int) before);
            assertThat(dlq(pipeline, DONE, "replay", "--limit", "1")).contains("sent=1");
            assertThat(dlq(pipeline, DONE, "replay", "--json")).contains("\"verdict\":\"taken\"", "\"sent\":true");

            pipeline.awaitEqual();
            assertThat(dlq(pipeline, DONE, "list")).contains("none on");
            assertThat(dlq(pipeline, DONE, "list", "--all")).contains("total=2 open=0", "replayed");
            assertThat(records(pipeline)).hasSize((int) before + 2);
        }
    }

    @Test
    void counts_the_replays_of_a_record_that_comes_back() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.destinationUrl(), NOWHERE);
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Nowhere')");
            pipeline.awaitDeadLetters(1);

            for (int replay = 1; replay <= 2; replay++) {
                assertThat(dlq(pipeline, DONE, "replay", "--force"))
                        .contains("sent (replay " + replay + ", forced): would be rejected again");
                pipeline.awaitDeadLetters(1 + replay);
                assertThat(dlq(pipeline, LEFT, "list"))
                        .contains("total=1 open=1")
                        .containsPattern("@" + replay + " +" + replay + "\n");
            }
        }
    }

    @Test
    void replays_a_key_in_the_order_of_its_changes_and_nothing_that_is_superseded() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.destinationUrl(), NOWHERE);
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city, salary) VALUES (1, 'Nowhere', 0)");
            for (int change = 1; change <= 3; change++) {
                pipeline.awaitDeadLetters(change);
                execute(pipeline.sourceUrl(), "UPDATE employees SET salary = " + change);
            }
            List<ConsumerRecord<byte[], byte[]>> dead = pipeline.awaitDeadLetters(4);
            execute(pipeline.destinationUrl(), ANYWHERE);

            String[] backwards = Stream.concat(
                            Stream.of("replay"),
                            dead.stream().map(DeadLetterCommandsIT::id).sorted((a, b) -> b.compareTo(a)))
                    .toArray(String[]::new);
            assertThat(dlq(pipeline, DONE, backwards)).contains("sent=4");

            pipeline.awaitEqual();
            assertThat(records(pipeline).stream().map(record -> Topics.actionId(record.value())))
                    .containsExactly(1L, 2L, 3L, 4L, 1L, 2L, 3L, 4L);
            assertThat(dlq(pipeline, DONE, "replay", "--all"))
                    .contains("superseded: the dead letter is change 1, the destination shows change 4")
                    .contains("sent=0 superseded=4 not_sent=0");
            execute(pipeline.sourceUrl(), "DELETE FROM employees");
            pipeline.awaitRows(0);
            assertThat(dlq(pipeline, DONE, "replay", "--all")).contains("the destination shows change 5", "sent=0");
            assertThat(dlq(pipeline, DONE, "replay", "--all", "--force")).contains("sent=4");
            assertThat(records(pipeline)).hasSize(13);
            assertThat(pipeline.destinationRows("employees")).isEmpty();
        }
    }

    @Test
    void does_not_send_what_would_hold_up_the_consumer() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none").start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Oslo')");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), NOWHERE);
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (2, 'Nowhere')");
            pipeline.awaitDeadLetters(1);
            execute(pipeline.destinationUrl(), "ALTER TABLE employees RENAME COLUMN salary TO pay");

            assertThat(dlq(pipeline, LEFT, "replay"))
                    .contains(
                            "would hold up the consumer",
                            "the column \"salary\", which the destination table",
                            "lacks");
        }
    }

    @Test
    void leaves_out_what_was_discarded_and_removes_it_from_the_front_of_the_topic() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("TOPIC_PARTITIONS", "1").start()) {
            execute(pipeline.destinationUrl(), NOWHERE);
            for (int row = 1; row <= 3; row++) {
                execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (" + row + ", 'Nowhere')");
                pipeline.awaitDeadLetters(row);
            }

            assertThat(dlq(pipeline, WRONG, "discard")).contains("say which");
            assertThat(dlq(pipeline, FAILED, "discard", "0:0")).contains("say --yes");
            assertThat(dlq(pipeline, DONE, "discard", "0:0", "--dry-run"))
                    .contains("would be discarded: 1 dead letters [0:0]");
            assertThat(dlq(pipeline, LEFT, "list")).contains("total=3 open=3");
            assertThat(dlq(pipeline, DONE, "discard", "0:0", "0:2", "--yes")).contains("discarded: 2 dead letters");
            assertThat(dlq(pipeline, LEFT, "list")).contains("total=1 open=1").contains("0:1");
            assertThat(dlq(pipeline, LEFT, "list", "--all")).contains("total=3 open=1", "discarded");
            assertThat(dlq(pipeline, FAILED, "discard", "--purge")).contains("say --yes");
            assertThat(dlq(pipeline, FAILED, "discard", "0:1", "0:7", "--yes"))
                    .contains("there is no dead letter [0:7]");
            assertThat(dlq(pipeline, DONE, "discard", "--purge", "--yes"))
                    .contains("removed from the topic: 1 dead letters");
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .hasSize(2);
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT record_offset FROM cdc_dead_letter"))
                    .containsExactly("2");
        }
    }

    @Test
    void leaves_the_letters_of_another_stream_in_the_same_topic_alone() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("TOPIC_PARTITIONS", "1").start();
                Pipeline other = Pipeline.create()
                        .with("TOPIC_PARTITIONS", "1")
                        .with("DLQ_TOPIC", pipeline.deadLetterTopic())
                        .start();
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            client.send(other.topic(), "1", "no JSON");
            pipeline.awaitDeadLetters(1);

            assertThat(dlq(pipeline, DONE, "discard", "--all", "--purge", "--yes"))
                    .contains("discarded: 0 dead letters", "removed from the topic: 0 dead letters");
            assertThat(dlq(other, DONE, "discard", "--all", "--purge", "--yes"))
                    .contains("discarded: 1 dead letters", "removed from the topic: 1 dead letters");
        }
    }

    @Test
    void exports_what_other_tools_can_read(@TempDir Path directory) throws Exception {
        try (Pipeline pipeline = Pipeline.create().start();
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            Employees.insertKeys(pipeline.sourceUrl(), 1, 1);
            pipeline.awaitEqual();
            client.send(pipeline.topic(), new byte[] {(byte) 0xff}, new byte[] {0, (byte) 0xfe});
            client.send(pipeline.topic(), "7", "a \"text\"\nof two lines");
            pipeline.awaitDeadLetters(2);
            Path file = directory.resolve("letters.jsonl");
            Files.setPosixFilePermissions(Files.createFile(file), PosixFilePermissions.fromString("rw-r--r--"));
            Path fresh = directory.resolve("fresh.jsonl");

            assertThat(dlq(pipeline, DONE, "export", "--to", file.toString())).contains("exported=2");

            assertThat(Files.readAllLines(file))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("\"key_base64\":\"/w==\",\"value_base64\":\"AP4=\""))
                    .anyMatch(line -> line.contains("\"value\":\"a \\\"text\\\"\\u000aof two lines\""))
                    .allMatch(line -> line.contains("{\"name\":\"__connect.errors.topic\",\"value\":\""));
            dlq(pipeline, DONE, "export", "--to", fresh.toString());
            assertThat(List.of(file, fresh))
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .isEqualTo("rw-------"));
            assertThat(dlq(pipeline, DONE, "export", "--key", "7"))
                    .matches(Pattern.compile("\\{\"id\":\"[0-9]:[0-9]+\".*\\}\n", Pattern.DOTALL));
        }
    }

    private static String id(ConsumerRecord<byte[], byte[]> letter) {
        return letter.partition() + ":" + letter.offset();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(Pipeline pipeline) {
        return Topics.read(pipeline.bootstrapServers(), pipeline.topic());
    }

    private static String dlq(Pipeline pipeline, int exitCode, String... arguments) {
        String[] all = Stream.concat(Stream.of("dlq"), Stream.of(arguments)).toArray(String[]::new);
        return AdminRun.expecting(exitCode, pipeline.environment(), all).said();
    }
}
