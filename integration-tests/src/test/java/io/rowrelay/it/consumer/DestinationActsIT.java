package io.rowrelay.it.consumer;

import static io.rowrelay.it.stack.Databases.execute;
import static io.rowrelay.it.stack.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.OrdinaryRole;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A destination that does something with replicated rows by itself: triggers, cascades, policies, foreign keys. */
@Timeout(240)
class DestinationActsIT {
    private static final String TOUCH = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN NEW.city := 'touched'; RETURN NEW; END $$";
    private static final String TRIGGER =
            "CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON employees FOR EACH ROW EXECUTE FUNCTION touch()";

    @Test
    void neither_triggers_nor_cascades_touch_replicated_rows_where_the_role_may_write_past_them() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = OrdinaryRole.of(pipeline);
            execute(
                    pipeline.destinationUrl(),
                    "SELECT cdc_grant_destination('employees', '" + role + "')",
                    TOUCH,
                    TRIGGER,
                    "CREATE TABLE badge (emp_id int REFERENCES employees ON DELETE CASCADE)");
            pipeline.with("DESTINATION_DB_USER", role);
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Oslo'), (2, 'Bern')");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "INSERT INTO badge VALUES (1), (2)");

            execute(
                    pipeline.sourceUrl(),
                    "UPDATE employees SET city = 'Rome' WHERE emp_id = 2",
                    "DELETE FROM employees WHERE emp_id = 1");

            pipeline.awaitEqual();
            assertThat(query(pipeline.destinationUrl(), "SELECT count(*) FROM badge"))
                    .containsExactly("2");
            assertThat(consumer.reasons()).noneMatch(reason -> reason.contains("touch"));
            execute(pipeline.destinationUrl(), "ALTER TABLE employees ENABLE ALWAYS TRIGGER touch");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> consumer.reason().contains("run ALTER TABLE public.employees DISABLE TRIGGER touch"));
            assertThat(consumer.isReady()).isTrue();

            execute(
                    pipeline.destinationUrl(),
                    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " RAISE EXCEPTION 'no % here', NEW.city USING DETAIL = NEW.city, HINT = NEW.city; END $$");
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (3, 'Secretville')");
            await().atMost(Pipeline.PATIENCE).until(() -> consumer.reason().contains("P0001"));
            assertThat(consumer.reason()).contains("[function ", "touch]", "DEBUG");
            assertThat(consumer.reasons()).noneMatch(reason -> reason.contains("Secretville"));
        }
    }

    /** Where nobody may do anything that was not granted to him. */
    @Test
    void the_daemons_need_no_more_than_cdc_grant_gives_them() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none")) {
            String role = "granted_" + pipeline.topic();
            for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
                execute(
                        url,
                        "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA rowrelay, public FROM PUBLIC",
                        "REVOKE ALL ON SCHEMA rowrelay, public FROM PUBLIC",
                        "CREATE SCHEMA app",
                        "CREATE TYPE app.pair AS (a int, b text)",
                        "CREATE TYPE app.mood AS ENUM ('glad')",
                        "ALTER TABLE employees ADD pair app.pair, ADD mood app.mood, ADD pairs app.pair[]",
                        "DO $$ BEGIN CREATE ROLE " + role
                                + " LOGIN PASSWORD 'cdc'; EXCEPTION WHEN duplicate_object THEN END $$");
            }
            execute(
                    pipeline.sourceUrl(),
                    "SELECT cdc_capture('employees', 'emp_cdc')",
                    "SELECT cdc_grant('emp_cdc', '" + role + "')");
            execute(pipeline.destinationUrl(), "SELECT cdc_grant_destination('employees', '" + role + "')");
            pipeline.with("SOURCE_DB_USER", role)
                    .with("DESTINATION_DB_USER", role)
                    .start();

            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, pair, mood, pairs) VALUES (1, '(1,x)', 'glad', '{\"(2,y)\"}'), (2, NULL, NULL, NULL)",
                    "DELETE FROM employees WHERE emp_id = 2");

            pipeline.awaitEqual();
            assertThat(DoctorRun.of(pipeline.environment()).ids())
                    .noneMatch(id -> id.contains("privilege") || id.contains("tampered") || id.contains("capture"));
        }
    }

    @Test
    void a_trigger_that_a_role_cannot_write_past_is_named_everywhere_with_what_helps() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = OrdinaryRole.of(pipeline);
            String grant = "GRANT SET ON PARAMETER session_replication_role TO " + role;
            execute(
                    pipeline.destinationUrl(),
                    TOUCH,
                    TRIGGER,
                    "CREATE TABLE badge (emp_id int REFERENCES employees" + " ON DELETE CASCADE)");
            pipeline.with("DESTINATION_DB_USER", role).startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Oslo')");
            pipeline.awaitRows(1);

            assertThat(admin(pipeline, 3, "verify", "--repair"))
                    .contains("NOT equal: 1 rows still differ", "trigger touch of public.employees", grant)
                    .doesNotContain("dead-letter");
            assertThat(consumer.reason())
                    .startsWith("applying, but ")
                    .contains("trigger touch of public.employees", "foreign key badge_emp_id_fkey", grant);
            DoctorRun doctor = DoctorRun.of(pipeline.environment());
            assertThat(doctor.ids()).contains("destination-trigger", "destination-cascade");
            assertThat(doctor.commands("destination"))
                    .contains(grant + ";", "ALTER TABLE public.employees DISABLE TRIGGER touch;");

            execute(pipeline.destinationUrl(), grant);

            await().atMost(Pipeline.PATIENCE).until(() -> consumer.reason().equals("applying"));
            execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Rome'");
            pipeline.awaitEqual();
            assertThat(DoctorRun.of(pipeline.environment()).ids())
                    .doesNotContain("destination-trigger", "destination-cascade", "destination-constraint");
        }
    }

    @Test
    void a_policy_that_would_hide_rows_is_an_outage_and_a_problem() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = OrdinaryRole.of(pipeline);
            pipeline.with("DESTINATION_DB_USER", role).startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Employees.insertKeys(pipeline.sourceUrl(), 1, 2);
            pipeline.awaitRows(2);
            execute(
                    pipeline.destinationUrl(),
                    "CREATE POLICY seen ON employees FOR SELECT TO " + role + " USING (true)",
                    "CREATE POLICY written ON employees FOR UPDATE TO " + role + " USING (true)",
                    "ALTER TABLE employees ENABLE ROW LEVEL SECURITY");

            execute(pipeline.sourceUrl(), "DELETE FROM employees WHERE emp_id = 1");

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> !consumer.isReady() && consumer.reason().contains("row-level security"));
            DoctorRun doctor = DoctorRun.of(pipeline.environment());
            assertThat(doctor.ids()).contains("destination-row-security");
            String bypass = "ALTER ROLE " + role + " BYPASSRLS;";
            assertThat(doctor.commands("destination")).contains(bypass);
            execute(pipeline.destinationUrl(), bypass);
            pipeline.awaitEqual();
            await().atMost(Pipeline.PATIENCE).until(consumer::isReady);
        }
    }

    @Test
    void a_row_waits_for_the_row_that_it_refers_to_beyond_its_batch_and_not_for_ever() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("RECORD_SCHEMA", "none")
                .with("TOPIC_PARTITIONS", "2")
                .with("REFERENCE_WAIT", "20s")) {
            execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees ADD boss integer",
                    "SELECT cdc_capture('employees', 'emp_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ADD boss integer REFERENCES employees, ADD UNIQUE (last_name)");
            pipeline.with("DESTINATION_DB_USER", OrdinaryRole.of(pipeline)).startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, last_name) VALUES (50, 'a')");
            pipeline.awaitRows(1);

            // The second waits for a unique value to be given up.
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, boss) VALUES (1, 99)",
                    "INSERT INTO employees (emp_id, last_name) VALUES (2, 'a')");
            await().atMost(Pipeline.PATIENCE).until(() -> consumer.reason().contains("wait for the rows"));
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id) SELECT n FROM generate_series(100, 400) n",
                    "UPDATE employees SET last_name = 'b' WHERE emp_id = 50",
                    "INSERT INTO employees (emp_id, last_name) VALUES (99, 'c')");

            pipeline.awaitEqual();
            await().atMost(Pipeline.PATIENCE).until(() -> consumer.reason().equals("applying"));
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
            consumer.close();
            pipeline.with("REFERENCE_WAIT", "1s").startConsumer();
            execute(pipeline.sourceUrl(), "UPDATE employees SET boss = 7777, last_name = 'd' WHERE emp_id = 50");
            execute(pipeline.sourceUrl(), "UPDATE employees SET last_name = 'e' WHERE emp_id = 99");

            assertThat(pipeline.awaitDeadLetters(1)).hasSize(1);
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(query(
                                    pipeline.destinationUrl(),
                                    "SELECT last_name FROM employees WHERE emp_id IN (50, 99) ORDER BY emp_id"))
                            .containsExactly("b", "e"));
        }
    }

    private static String admin(Pipeline pipeline, int exitCode, String... arguments) {
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
