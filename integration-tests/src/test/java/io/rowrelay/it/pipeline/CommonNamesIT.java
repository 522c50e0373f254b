package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.sandbox.stack.SqlScripts;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables whose columns are called like the fields that changes have beside the row's own, and tables that are both ends. */
@Timeout(300)
class CommonNamesIT {
    private static final String TABLE =
            "CREATE TABLE log (action_id int, action text, xid real, changed_at date, _action text, note json,"
                    + " PRIMARY KEY (action_id, _action))";
    private static final String ROWS =
            "SELECT ROW(action_id, action, xid, changed_at, _action, note::text)::text FROM log ORDER BY 1";

    private static Pipeline log() {
        return Pipeline.create()
                .with("STREAM", "log")
                .with("SOURCE_TABLE", "log")
                .with("DESTINATION_TABLE", "log")
                .with("CHANGE_TABLE", "log_cdc")
                .with("RECORD_SCHEMA", "none");
    }

    private static void awaitSame(Pipeline pipeline, String rows) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Databases.query(pipeline.destinationUrl(), rows))
                        .isEqualTo(Databases.query(pipeline.sourceUrl(), rows)));
    }

    private static String admin(Pipeline pipeline, int exit, String... arguments) throws Exception {
        return AdminRun.expecting(exit, pipeline.environment(), arguments).output();
    }

    @Test
    void brings_columns_of_the_envelopes_names_over_and_every_command_knows_them() throws Exception {
        try (Pipeline pipeline = log()) {
            execute(
                    pipeline.sourceUrl(),
                    TABLE,
                    "INSERT INTO log VALUES (1, 'before', 0.1, '2026-01-01', 'k', '{}')",
                    "SELECT cdc_capture('log', 'log_cdc')");
            execute(pipeline.destinationUrl(), TABLE, "SELECT cdc_destination('log')");
            pipeline.start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO log VALUES (2, 'INSERT', 2.5, '2026-01-02', 'k', '{\"a\":1}'), (3, 'x', 3, NULL, 'k', NULL)",
                    "UPDATE log SET action_id = 4, action = 'DELETE' WHERE action_id = 3",
                    "DELETE FROM log WHERE action_id = 2");
            admin(pipeline, 0, "backfill");
            awaitSame(pipeline, ROWS);
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS)).hasSize(2);
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.topic()))
                    .extracting(
                            record -> record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8))
                    .allMatch(json -> json.startsWith("{\"action_id\":"))
                    .anyMatch(
                            json -> json.contains(
                                    "\"_action_id\":2,\"_action\":\"INSERT\",\"_xid\":2.5,\"_changed_at\":\"2026-01-02\",\"__action\":\"k\""));

            execute(
                    pipeline.destinationUrl(),
                    "UPDATE log SET action = 'wrong', xid = 7 WHERE action_id = 4",
                    "DELETE FROM log WHERE action_id = 1",
                    "INSERT INTO log (action_id, _action, _action_id) VALUES (9, 'extra', 1)");
            assertThat(admin(pipeline, 3, "verify")).contains("action, xid");
            admin(pipeline, 0, "verify", "--repair");
            awaitSame(pipeline, ROWS);
            execute(pipeline.destinationUrl(), "UPDATE log SET action = 'wrong' WHERE action_id = 4");
            admin(pipeline, 0, "resync");
            awaitSame(pipeline, ROWS);
            assertThat(admin(pipeline, 0, "verify")).contains("equal");
            String doctor = admin(pipeline, 0, "doctor");
            assertThat(doctor).contains("problems=0");
            admin(pipeline, 0, "status");
        }
    }

    @Test
    void takes_up_such_a_column_that_a_migration_adds_later_also_one_that_the_consumer_has_for_itself()
            throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none").start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (city) VALUES ('a'), ('b')");
            pipeline.awaitEqual();

            execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees ADD COLUMN action text, ADD COLUMN action_id int",
                    "SELECT cdc_capture('employees', 'emp_cdc')",
                    "UPDATE employees SET action = 'later', action_id = emp_id * 100");
            execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD COLUMN action text");
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees RENAME COLUMN action_id TO _action_id",
                    "ALTER TABLE employees ADD COLUMN action_id int",
                    "SELECT cdc_destination('employees')");

            awaitSame(pipeline, "SELECT ROW(emp_id, city, action, action_id)::text FROM employees ORDER BY emp_id");
            execute(pipeline.sourceUrl(), "DELETE FROM employees WHERE emp_id = 1");
            awaitSame(pipeline, "SELECT ROW(emp_id, city, action, action_id)::text FROM employees ORDER BY emp_id");
        }
    }

    @Test
    void a_column_that_nothing_says_is_the_consumers_is_not_written() throws Exception {
        try (Pipeline pipeline = log()) {
            execute(
                    pipeline.sourceUrl(),
                    "CREATE TABLE log (id int PRIMARY KEY, note text)",
                    "SELECT cdc_capture('log', 'log_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "CREATE TABLE log (id int PRIMARY KEY, note text, action_id bigint)",
                    "INSERT INTO log VALUES (1, 'before', 700)");
            pipeline.startProducer();
            execute(pipeline.sourceUrl(), "INSERT INTO log VALUES (1, 'new')");
            RunningDaemon consumer = pipeline.startConsumer();

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> !consumer.isReady() && consumer.reason().contains("SELECT cdc_destination('log')"));
            assertThat(consumer.reason()).contains("action_id of the destination table log is the consumer's, and not");
            assertThat(admin(pipeline, 3, "doctor")).contains("destination-no-action-id");
            execute(pipeline.destinationUrl(), "SELECT cdc_destination('log')");

            awaitSame(pipeline, "SELECT ROW(id, note)::text FROM log ORDER BY id");
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT action_id FROM log"))
                    .containsExactly("700");
        }
    }

    @Test
    void a_dead_letter_of_such_a_table_can_be_looked_at_and_sent_again() throws Exception {
        try (Pipeline pipeline = log()) {
            execute(pipeline.sourceUrl(), TABLE, "SELECT cdc_capture('log', 'log_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    TABLE,
                    "SELECT cdc_destination('log')",
                    "ALTER TABLE log ADD CONSTRAINT short CHECK (length(action) < 5)");
            pipeline.start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO log VALUES (1, 'too long', 1, NULL, 'k', NULL), (2, 'ok', 1, NULL, 'k', NULL)");
            pipeline.awaitDeadLetters(1);

            assertThat(admin(pipeline, 0, "dlq", "show", "--since", "1h"))
                    .containsPattern("_action +too long +- +too long")
                    .contains("violates check constraint");
            execute(pipeline.destinationUrl(), "ALTER TABLE log DROP CONSTRAINT short");
            admin(pipeline, 0, "dlq", "replay", "--since", "1h");

            awaitSame(pipeline, ROWS);
        }
    }

    @Test
    void a_table_can_be_a_destination_and_a_source() throws Exception {
        try (Pipeline first = Pipeline.create();
                Pipeline second = Pipeline.create()
                        .with("STREAM", "onward")
                        .with("SOURCE_TABLE", "employees")
                        .with("DESTINATION_TABLE", "employees")
                        .with("CHANGE_TABLE", "emp_cdc")
                        .with("SOURCE_DB_URL", first.destinationUrl())) {
            SqlScripts.withExample(SqlScripts.findDirectory(), "source").runOn(first.destination());
            first.start();
            second.start();
            execute(
                    first.sourceUrl(),
                    "INSERT INTO employees (city, salary) SELECT n::text, n FROM generate_series(1, 50) n",
                    "UPDATE employees SET city = 'moved', emp_id = emp_id + 100 WHERE emp_id < 10",
                    "DELETE FROM employees WHERE emp_id BETWEEN 20 AND 30");

            String rows =
                    "SELECT ROW(emp_id, first_name, last_name, dob, city, salary)::text FROM employees ORDER BY emp_id";
            awaitSame(first, rows);
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(Databases.query(second.destinationUrl(), rows))
                            .isEqualTo(Databases.query(first.sourceUrl(), rows)));
            assertThat(Databases.query(second.destinationUrl(), rows)).hasSize(39);
            assertThat(admin(second, 0, "verify")).contains("equal");
            assertThat(admin(second, 0, "doctor")).contains("problems=0");
        }
    }
}
