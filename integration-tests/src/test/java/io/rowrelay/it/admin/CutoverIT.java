package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.sandbox.stack.SqlScripts;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The destination takes the place of the source, as docs/operate/cutover.md says, and gives it back. */
@Timeout(300)
class CutoverIT {
    @Test
    void the_destination_takes_over_and_changes_flow_back() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "orders")
                .with("CHANGE_TABLE", "orders_cdc")
                .with("RECORD_SCHEMA", "none")) {
            String customers = "CREATE TABLE customers (id int PRIMARY KEY)";
            execute(
                    pipeline.sourceUrl(),
                    customers,
                    "INSERT INTO customers VALUES (1)",
                    "CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL REFERENCES customers, amount numeric CHECK (amount >= 0),"
                            + " note text DEFAULT 'none', code uuid DEFAULT gen_random_uuid() UNIQUE)",
                    "CREATE INDEX orders_note_idx ON orders (lower(note)) WHERE amount > 0",
                    "CREATE TABLE lines (id int PRIMARY KEY, ordered int REFERENCES orders)",
                    "SELECT cdc_capture('orders', 'orders_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    customers,
                    "INSERT INTO customers VALUES (1)",
                    "CREATE TABLE orders (id int PRIMARY KEY, customer int, amount numeric, note text, code uuid)",
                    "CREATE TABLE lines (id int PRIMARY KEY, ordered int)",
                    "SELECT cdc_destination('orders')");
            RunningDaemon producer = pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "INSERT INTO orders (customer) VALUES (1), (1), (1)");
            pipeline.awaitEqual("orders");

            String lacking = admin(pipeline, 0, "cutover", "--dry-run");
            assertThat(lacking)
                    .contains("READY: the destination has everything but what is listed above", "START WITH 4 OWNED BY")
                    .contains("FOREIGN KEY (customer) REFERENCES public.customers(id)", "VALIDATE CONSTRAINT")
                    .contains(
                            "CREATE INDEX orders_note_idx ON orders USING btree (lower(note)) WHERE (amount > (0)::numeric)")
                    .contains("ALTER TABLE public.lines ADD CONSTRAINT");
            lacking.lines()
                    .filter(line -> line.startsWith("  "))
                    .forEach(sql -> execute(pipeline.destinationUrl(), sql));
            try (Writers writers = Writers.of(1, pipeline, random -> "INSERT INTO orders (customer) VALUES (1)")) {
                assertThat(admin(pipeline, 3, "cutover", "--margin", "1000"))
                        .contains(
                                "stop the writers of the source", "NOT ready", "sequence: public.orders_id_seq set to")
                        .doesNotContain("lacking:");
                writers.close();
            }
            assertThat(admin(pipeline, 0, "cutover")).contains("READY: the destination has everything. Next");
            assertThat(admin(pipeline, 0, "cutover")).contains("sequence: public.orders_id_seq is at ");

            // The switch, with the way back before the first write at the new primary.
            producer.close();
            consumer.close();
            admin(pipeline, 0, "uninstall", "--yes");
            prepareWayBack(pipeline);
            RunningDaemon back = pipeline.startProducer();
            pipeline.startConsumer();
            String used = value(pipeline, "SELECT max(id) FROM orders");
            execute(
                    pipeline.destinationUrl(),
                    "INSERT INTO orders (customer) VALUES (1)",
                    "UPDATE orders SET note = 'new' WHERE id = 1");
            assertThat(value(pipeline, "SELECT max(id) > " + used + " + 900 FROM orders"))
                    .isEqualTo("t");
            String rows = "SELECT ROW(id, customer, amount, note, code)::text FROM orders ORDER BY id";
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(Databases.query(oldPrimary(pipeline), rows))
                            .isEqualTo(Databases.query(pipeline.destinationUrl(), rows)));

            assertThat(admin(pipeline, 0, "cutover")).contains("sequence: public.orders_id_seq set to", "READY");
            back.close();
            execute(oldPrimary(pipeline), "INSERT INTO orders (customer) VALUES (1)");
        }
    }

    @Tag("nightly")
    @Test
    void is_not_ready_with_dead_letters_nor_while_writers_are_open_and_says_which_sequence_it_may_not_read()
            throws Exception {
        try (Pipeline pipeline = Pipeline.create().start();
                Connection writer = Databases.connect(pipeline.sourceUrl())) {
            execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (salary < 2)");
            execute(pipeline.sourceUrl(), "INSERT INTO employees (salary) VALUES (1), (2)");
            pipeline.awaitDeadLetters(1);
            execute(writer, "BEGIN", "UPDATE employees SET city = 'open'");
            execute(
                    pipeline.sourceUrl(),
                    "BEGIN; INSERT INTO employees (salary) VALUES (1); PREPARE TRANSACTION 'left'");

            assertThat(admin(pipeline, 3, "cutover"))
                    .contains("problem: 2 transactions that have written the source table, or lock it, are still open")
                    .contains("problem: 1 dead letters are open", "NOT ready");

            execute(writer, "ROLLBACK");
            execute(pipeline.sourceUrl(), "ROLLBACK PREPARED 'left'");
            await("the consumer to have counted the letter")
                    .atMost(Pipeline.PATIENCE)
                    .until(() -> value(pipeline, "SELECT sum(rejected) FROM cdc_dead_letter_seen")
                            .equals("1"));
            Topics.empty(pipeline.bootstrapServers(), pipeline.deadLetterTopic());
            assertThat(admin(pipeline, 3, "cutover"))
                    .contains("problem: 1 dead letters were lost", "verify --repair", "dlq discard --lost", "NOT ready")
                    .doesNotContain("are open", "are still open");

            String role = "role_" + pipeline.topic();
            execute(
                    pipeline.sourceUrl(),
                    "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                    "SELECT cdc_grant('emp_cdc', '" + role + "')");
            pipeline.with("SOURCE_DB_USER", role);
            assertThat(admin(pipeline, 1, "cutover"))
                    .contains("may not read sequence public.employees_emp_id_seq of " + pipeline.topic())
                    .contains("GRANT SELECT ON SEQUENCE public.employees_emp_id_seq");
        }
    }

    /** The pipeline's settings from now on: from the former destination to the former source. */
    private static void prepareWayBack(Pipeline pipeline) throws Exception {
        String oldPrimary = pipeline.sourceUrl();
        String newPrimary = pipeline.destinationUrl();
        try (Connection there = Databases.connect(newPrimary);
                Connection here = Databases.connect(oldPrimary)) {
            SqlScripts.in(SqlScripts.findDirectory().resolve("source")).runOn(there);
            SqlScripts.in(SqlScripts.findDirectory().resolve("destination")).runOn(here);
        }
        execute(newPrimary, "SELECT cdc_capture('orders', 'orders_cdc')");
        execute(oldPrimary, "SELECT cdc_destination('orders')");
        pipeline.with("STREAM", "orders_back")
                .with("SOURCE_TABLE", "orders")
                .with("DESTINATION_TABLE", "orders")
                .with("SOURCE_DB_URL", newPrimary)
                .with("DESTINATION_DB_URL", oldPrimary)
                .with("TOPIC", pipeline.topic() + "_back")
                .with("DLQ_TOPIC", pipeline.topic() + "_back_dlq")
                .with("KAFKA_GROUP_ID", pipeline.topic() + "_back");
    }

    private static String oldPrimary(Pipeline pipeline) {
        return String.valueOf(pipeline.environment().get("DESTINATION_DB_URL"));
    }

    private static String value(Pipeline pipeline, String sql) {
        return Databases.query(pipeline.destinationUrl(), sql).get(0);
    }

    private static String admin(Pipeline pipeline, int exitCode, String... arguments) {
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
