package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two streams write one table of the destination: no command of the one deletes rows of the other. */
@Timeout(240)
class SharedDestinationIT {
    @Test
    void no_command_deletes_rows_of_another_stream() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            for (String table : List.of("a", "b")) {
                execute(
                        pipeline.sourceUrl(),
                        "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
                        "SELECT cdc_capture('" + table + "', '" + table + "_cdc')");
            }
            execute(
                    pipeline.destinationUrl(),
                    "CREATE TABLE t (id int PRIMARY KEY, v text)",
                    "SELECT cdc_destination('t')");
            stream(pipeline, "a").start();
            stream(pipeline, "b").start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO a SELECT n, 'a' FROM generate_series(1, 9) n",
                    "INSERT INTO b SELECT n, 'b' FROM generate_series(101, 109) n",
                    // Its action_ids are larger than those of the other one, which tells nothing.
                    "UPDATE b SET v = 'c'");
            awaitRows(pipeline, "SELECT count(*) FROM t WHERE v IN ('a', 'c')", 18);

            assertThat(admin(pipeline, 1, "resync")).contains("t is written by stream " + name("a") + " as well");
            assertThat(admin(pipeline, 1, "reanchor")).contains("--where SQL").doesNotContain("anchored");
            assertThat(admin(pipeline, 1, "verify", "--repair")).contains("--where SQL");
            assertThat(admin(pipeline, 3, "verify")).contains("the rows of the other stream count as extra", "extra=9");
            admin(pipeline, 0, "backfill");
            stream(pipeline, "a");
            admin(pipeline, 0, "backfill");
            awaitRows(pipeline, "SELECT count(*) FROM t", 18);

            execute(
                    pipeline.destinationUrl(),
                    "INSERT INTO t VALUES (-1, 'a'), (199, 'c')",
                    "DELETE FROM t WHERE id IN (1, 101)",
                    "UPDATE t SET v = 'a' WHERE id = 2");
            execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE a DISABLE TRIGGER cdc_update",
                    "UPDATE a SET v = 'x' WHERE id = 3",
                    "ALTER TABLE a ENABLE ALWAYS TRIGGER cdc_update");
            // The row that the condition is true of in the destination only is one of them.
            assertThat(admin(pipeline, 0, "resync", "--where", "v = 'a'"))
                    .contains("rows that only the destination has, and that will be deleted: 1", "updates=9 deletes=1");
            assertThat(rows(pipeline, "SELECT v FROM t WHERE id < 100 ORDER BY id"))
                    .containsExactly("a", "a", "x", "a", "a", "a", "a", "a", "a");
            assertThat(rows(pipeline, "SELECT count(*) FROM t WHERE id > 100")).containsExactly("9");

            stream(pipeline, "b");
            assertThat(admin(pipeline, 0, "verify", "--repair", "--where", "id > 100"))
                    .contains("deleting 1 rows that only the destination has", "repaired");
            assertThat(rows(pipeline, "SELECT count(*) FROM t WHERE id < 100")).containsExactly("9");
            assertThat(rows(pipeline, "SELECT count(*) FROM t WHERE id > 100")).containsExactly("9");
        }
    }

    @Test
    void asks_where_nobody_knows_what_another_stream_writes() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            Employees.insertKeys(pipeline.sourceUrl(), 1, 2);
            pipeline.awaitEqual();
            // As a consumer leaves it whose role may not write cdc_writer.
            execute(
                    pipeline.destinationUrl(),
                    "INSERT INTO cdc_progress (stream, topic_partition, topic_id, next_offset) VALUES ('older', 0, 'x', 1)",
                    "INSERT INTO employees (emp_id) VALUES (-1)");

            assertThat(admin(pipeline, 1, "resync"))
                    .contains("that will be deleted: 1", "Stream older may write employees as well", "say --yes");
            assertThat(admin(pipeline, 1, "verify", "--repair")).contains("say --yes");
            assertThat(pipeline.destinationRows("employees")).hasSize(3);
            admin(pipeline, 0, "resync", "--yes");
            pipeline.awaitEqual();

            // It writes another table: nothing to ask.
            execute(
                    pipeline.destinationUrl(),
                    "INSERT INTO cdc_writer (stream, destination_table) VALUES ('older', 'public.cdc_tombstone')",
                    "INSERT INTO employees (emp_id) VALUES (-1)");
            admin(pipeline, 0, "resync");
            pipeline.awaitEqual();
        }
    }

    @Test
    void a_consumer_whose_role_may_not_note_what_it_writes_works_all_the_same() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = "role_" + pipeline.topic();
            execute(
                    pipeline.destinationUrl(),
                    "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                    "SELECT cdc_grant_destination('employees', '" + role + "')",
                    "REVOKE ALL ON cdc_writer FROM " + role);
            pipeline.with("DESTINATION_DB_USER", role).start();
            Employees.insertKeys(pipeline.sourceUrl(), 1, 1);
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "INSERT INTO employees (emp_id) VALUES (-1)");

            // No other stream is at work there.
            admin(pipeline, 0, "resync");
            pipeline.awaitEqual();
        }
    }

    private static String name(String table) {
        return "shared_" + table;
    }

    /** From now on the pipeline's settings are those of this stream. */
    private static Pipeline stream(Pipeline pipeline, String table) {
        String topic = pipeline.topic() + "_" + table;
        return pipeline.with("STREAM", name(table))
                .with("SOURCE_TABLE", table)
                .with("CHANGE_TABLE", table + "_cdc")
                .with("DESTINATION_TABLE", "t")
                .with("TOPIC", topic)
                .with("DLQ_TOPIC", topic + "_dlq")
                .with("KAFKA_GROUP_ID", topic)
                .with("RECORD_SCHEMA", "none");
    }

    private static List<String> rows(Pipeline pipeline, String sql) {
        return Databases.query(pipeline.destinationUrl(), sql);
    }

    private static void awaitRows(Pipeline pipeline, String sql, int count) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(rows(pipeline, sql)).containsExactly("" + count));
    }

    private static String admin(Pipeline pipeline, int exitCode, String... arguments) {
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
