package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.OrdinaryRole;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that the destination refuses, many at once, and refusals that are no record's fault. */
@Timeout(240)
class PoisonIT {
    private static final String MESSAGE = "__connect.errors.exception.message";
    private static final String NO_ODD_ONE = "ALTER TABLE employees ADD CONSTRAINT no_odd_one CHECK (emp_id % 2 = 0)";
    /** Does not compress, so no index takes it. */
    private static final String LONG_TEXT =
            "(SELECT string_agg(md5(n::text || emp_id), '') FROM generate_series(1, 200) n)";

    @Test
    void a_thousand_bad_records_in_a_row_go_to_the_dead_letter_topic_and_the_stream_goes_on() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (city <> 'Nowhere')");
            pipeline.startProducer();
            Databases.execute(
                    pipeline.sourceUrl(),
                    insert(1, 1500, "'Oslo'"),
                    insert(1501, 2500, "'Nowhere'"),
                    insert(2501, 4000, "'Oslo'"));

            RunningDaemon consumer = pipeline.startConsumer();

            pipeline.awaitRows(3000);
            assertThat(pipeline.awaitDeadLetters(1000)).hasSize(1000);
            assertThat(consumer.isReady()).isTrue();
        }
    }

    @Test
    void sorts_a_batch_out_for_a_role_that_has_no_more_than_it_needs() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = "role_" + pipeline.topic();
            Databases.execute(
                    pipeline.destinationUrl(),
                    NO_ODD_ONE,
                    "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                    "SELECT cdc_grant_destination('employees', '" + role + "')");
            pipeline.with("DESTINATION_DB_USER", role).start();

            Databases.execute(pipeline.sourceUrl(), insert(1, 400, "'Oslo'"));
            pipeline.awaitRows(200);
            assertThat(pipeline.awaitDeadLetters(200))
                    .allSatisfy(dead -> assertThat(TopicClient.header(dead, MESSAGE))
                            .startsWith("DESTINATION: ERROR: new row for relation")
                            .endsWith("(SQLSTATE 23514)"));
        }
    }

    @Test
    void loses_no_row_that_only_waits_for_another_of_its_batch() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none").with("TOPIC_PARTITIONS", "1")) {
            Databases.execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees ADD boss integer",
                    "SELECT cdc_capture('employees', 'emp_cdc')");
            Databases.execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ADD boss integer REFERENCES employees, ADD CHECK (city <> 'Nowhere')");
            pipeline.with("DESTINATION_DB_USER", OrdinaryRole.of(pipeline)).with("REFERENCE_WAIT", "2s");
            pipeline.startProducer();
            // Some hang on a row that was made later, beside a bad one; one on a row that never was.
            Databases.execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, city, boss) SELECT n, CASE WHEN n % 50 = 0 THEN 'Nowhere' ELSE 'Oslo'"
                            + " END, CASE WHEN n = 7 THEN 9999 WHEN n % 50 = 49 AND n < 390 THEN n + 2 END"
                            + " FROM generate_series(1, 400) n ORDER BY n");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Topics.read(pipeline.bootstrapServers(), pipeline.topic())
                                    .size()
                            == 400);

            pipeline.startConsumer();

            assertThat(pipeline.awaitDeadLetters(9))
                    .extracting(dead -> new String(dead.key(), StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder("7", "50", "100", "150", "200", "250", "300", "350", "400");
            pipeline.awaitRows(391);
        }
    }

    /** Their types have a syntax, of which they speak with the state of a broken statement. */
    @Test
    void a_value_that_breaks_the_syntax_of_its_type_is_poison_and_its_neighbours_arrive() throws Exception {
        String columns = "ALTER TABLE employees ADD words tsvector, ADD path jsonpath";
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none");
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            Databases.execute(pipeline.sourceUrl(), columns, "SELECT cdc_capture('employees', 'emp_cdc')");
            Databases.execute(pipeline.destinationUrl(), columns);
            pipeline.start();
            Databases.execute(pipeline.sourceUrl(), insert(1, 100, "'Oslo'"));
            pipeline.awaitRows(100);

            client.send(pipeline.topic(), "7", forged("words", "'"));
            client.send(pipeline.topic(), "70", forged("path", "$["));
            Databases.execute(pipeline.sourceUrl(), insert(101, 200, "'Oslo'"));

            pipeline.awaitRows(200);
            assertThat(pipeline.awaitDeadLetters(2))
                    .hasSize(2)
                    .allSatisfy(dead -> assertThat(TopicClient.header(dead, MESSAGE))
                            .contains("syntax error")
                            .endsWith("(SQLSTATE 42601)"));
        }
    }

    private static String forged(String column, String value) {
        return "{\"action_id\":100000,\"action\":\"UPDATE\",\"emp_id\":" + (column.equals("words") ? 7 : 70) + ",\""
                + column + "\":\"" + value + "\"}";
    }

    @Test
    void a_record_that_no_index_can_hold_is_poison_and_its_neighbours_arrive() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none")) {
            Databases.execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees ALTER city TYPE text",
                    "ALTER TABLE emp_cdc ALTER city TYPE text",
                    "SELECT cdc_capture('employees', 'emp_cdc')");
            Databases.execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ALTER city TYPE text",
                    "CREATE INDEX ON employees (city)");
            pipeline.start();

            Databases.execute(
                    pipeline.sourceUrl(),
                    insert(1, 100, "'Oslo'"),
                    "UPDATE employees SET city = " + LONG_TEXT + " WHERE emp_id IN (7, 70)",
                    insert(101, 200, "'Oslo'"));

            pipeline.awaitRows(200);
            assertThat(pipeline.awaitDeadLetters(2))
                    .hasSize(2)
                    .allSatisfy(dead ->
                            assertThat(TopicClient.header(dead, MESSAGE)).contains("index row", "(SQLSTATE 54000)"));
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM employees WHERE city = 'Oslo'"))
                    .containsExactly("200");
        }
    }

    @Test
    void waits_out_a_server_at_its_limits_however_often_it_says_so() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(
                    pipeline.destinationUrl(),
                    "CREATE FUNCTION at_its_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                            + " 'not accepting commands that assign new transaction IDs' USING ERRCODE = '54000'; END $$",
                    "CREATE TRIGGER t BEFORE INSERT ON employees FOR EACH ROW EXECUTE FUNCTION at_its_end()",
                    "CREATE TRIGGER t BEFORE INSERT ON cdc_tombstone FOR EACH ROW EXECUTE FUNCTION at_its_end()",
                    "ALTER TABLE employees ENABLE ALWAYS TRIGGER t",
                    "ALTER TABLE cdc_tombstone ENABLE ALWAYS TRIGGER t");
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();

            Databases.execute(pipeline.sourceUrl(), insert(1, 10, "'Oslo'"));

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> consumer.reasons().stream().anyMatch(reason -> reason.contains("(SQLSTATE 54000)")));
            assertThat(consumer.isReady()).isFalse();
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
            Databases.execute(
                    pipeline.destinationUrl(), "DROP TRIGGER t ON employees", "DROP TRIGGER t ON cdc_tombstone");
            pipeline.awaitEqual();
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
        }
    }

    @Test
    void stops_taking_records_when_nearly_everything_is_refused_and_goes_on_once_that_is_mended() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("REFUSALS_BEFORE_STOP", "200")) {
            Databases.execute(
                    pipeline.destinationUrl(), "ALTER TABLE employees ADD CONSTRAINT nobody CHECK (city <> 'Nowhere')");
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Databases.execute(pipeline.sourceUrl(), insert(1, 100, "'Nowhere'"));
            assertThat(pipeline.awaitDeadLetters(100)).hasSize(100);
            assertThat(consumer.isReady()).isTrue();

            Databases.execute(pipeline.sourceUrl(), insert(101, 2000, "'Nowhere'"), insert(2001, 2005, "'Oslo'"));

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> consumer.reason().contains("nearly every record is rejected"));
            assertThat(consumer.isReady()).isFalse();
            assertThat(consumer.reason())
                    .contains("DESTINATION (SQLSTATE 23514 nobody)", "partition", "offset", "REFUSALS_BEFORE_STOP")
                    .doesNotContain("Nowhere");
            int dead = pipeline.awaitDeadLetters(100).size();
            assertThat(dead).isLessThan(300);

            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees DROP CONSTRAINT nobody");

            pipeline.awaitRows(2005 - dead);
            await().atMost(Pipeline.PATIENCE).until(consumer::isReady);
            assertThat(pipeline.awaitDeadLetters(dead)).hasSize(dead);
            assertThat(consumer.reasons().stream().filter(reason -> reason.contains("nearly every record")))
                    .hasSize(1);
        }
    }

    @Test
    void a_restart_with_the_breaker_off_lets_everything_pass_to_the_dead_letter_topic() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("REFUSALS_BEFORE_STOP", "50")) {
            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (false)");
            pipeline.startProducer();
            Databases.execute(pipeline.sourceUrl(), insert(1, 500, "'Oslo'"));
            RunningDaemon careful = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(() -> careful.reason().contains("nearly every record is rejected"));
            careful.close();

            RunningDaemon careless = pipeline.with("REFUSALS_BEFORE_STOP", "0").startConsumer();

            assertThat(pipeline.awaitDeadLetters(500)).hasSize(500);
            await().atMost(Pipeline.PATIENCE).until(careless::isReady);
        }
    }

    private static String insert(int first, int last, String city) {
        return "INSERT INTO employees (emp_id, city) SELECT n, " + city + " FROM generate_series(" + first + ", " + last
                + ") n";
    }
}
