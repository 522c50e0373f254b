package io.rowrelay.it.consumer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The destination's definition changes while changes flow: the next batch knows. */
@Timeout(240)
class AlteredDestinationIT {
    private static final String WIDER =
            "ALTER TABLE %s ALTER salary TYPE numeric(14,4), ALTER city TYPE varchar(300), ALTER number TYPE bigint";

    /** A column of an array makes the consumer write JSON, which is read by the types of the statement. */
    @ParameterizedTest
    @ValueSource(strings = {"int", "int[]"})
    void values_that_fit_the_altered_columns_arrive_as_they_are(String type) throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none")) {
            execute(
                    pipeline.sourceUrl(),
                    "CREATE TYPE address AS (street text)",
                    "ALTER TABLE employees ADD number int, ADD other " + type + ", ADD home address",
                    "SELECT cdc_capture('employees', 'emp_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "CREATE TYPE address AS (street text)",
                    "ALTER TABLE employees ADD number int, ADD other " + type + ", ADD home address");
            if (type.equals("int")) {
                execute(
                        pipeline.sourceUrl(),
                        "ALTER TABLE employees DROP home",
                        "ALTER TABLE emp_cdc DROP home",
                        "SELECT cdc_capture('employees', 'emp_cdc')");
                execute(pipeline.destinationUrl(), "ALTER TABLE employees DROP home");
            }
            pipeline.start();
            Employees.insertKeys(pipeline.sourceUrl(), 1, 10);
            pipeline.awaitEqual();

            execute(
                    pipeline.destinationUrl(),
                    WIDER.formatted("employees"),
                    "ALTER TYPE address ADD ATTRIBUTE zip text");
            execute(
                    pipeline.sourceUrl(),
                    "BEGIN; " + WIDER.formatted("employees") + "; " + WIDER.formatted("emp_cdc")
                            + "; ALTER TYPE address ADD ATTRIBUTE zip text; SELECT cdc_capture('employees', 'emp_cdc');"
                            + " INSERT INTO employees (emp_id, number, salary, city) VALUES (11, 3000000000, 1.2345,"
                            + " repeat('x', 300)); UPDATE employees SET salary = 0.0001 WHERE emp_id = 3; COMMIT");
            if (type.equals("int[]")) {
                execute(pipeline.sourceUrl(), "UPDATE employees SET home = ('street', 'zip') WHERE emp_id = 4");
            }

            pipeline.awaitEqual();
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
        }
    }

    @Test
    void a_table_that_takes_the_place_of_another_is_known_with_its_first_change() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, salary) VALUES (1, 1.25)");
            pipeline.awaitEqual();

            execute(
                    pipeline.destinationUrl(),
                    "BEGIN; ALTER TABLE employees RENAME TO employees_old; CREATE TABLE employees (emp_id bigint PRIMARY KEY,"
                            + " first_name text, last_name text, dob date, city text, salary numeric(9,2),"
                            + " action_id bigint);"
                            + " INSERT INTO employees SELECT * FROM employees_old; UPDATE employees SET salary = 0; COMMIT");
            execute(pipeline.sourceUrl(), "UPDATE employees SET salary = 7.5");

            pipeline.awaitEqual();
            // The copy has lost the mark of its column action_id, not what stands in it.
            execute(pipeline.destinationUrl(), "SELECT cdc_destination('employees')");
            assertThat(Databases.query(
                            pipeline.destinationUrl(),
                            "SELECT column_name FROM rowrelay.fence('employees') WHERE marked"))
                    .containsExactly("action_id");
        }
    }

    @Test
    void a_key_that_gets_another_name_on_both_sides_costs_no_change() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none").start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, city) VALUES (1, 'Oslo'), (2, 'Bern')");
            pipeline.awaitEqual();

            execute(pipeline.destinationUrl(), "ALTER TABLE employees RENAME emp_id TO id");
            execute(
                    pipeline.sourceUrl(),
                    "BEGIN; ALTER TABLE employees RENAME emp_id TO id; ALTER TABLE emp_cdc RENAME emp_id TO id;"
                            + " SELECT cdc_capture('employees', 'emp_cdc'); UPDATE employees SET city = 'Rome' WHERE id = 1;"
                            + " DELETE FROM employees WHERE id = 2; COMMIT");

            pipeline.awaitEqual();
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
        }
    }

    /** Somebody who may write to the topic makes up a column; or it was added to the source only. */
    @Test
    void a_column_that_is_not_there_holds_back_its_partition_and_no_other() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none")) {
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Employees.insertKeys(pipeline.sourceUrl(), 1, 1);
            pipeline.awaitEqual();
            RecordMetadata forged;
            try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
                client.send(pipeline.topic(), "1000", record(1));
                forged = client.send(pipeline.topic(), "1000", record(2).replace("city", "nope"));
            }
            await().atMost(Pipeline.PATIENCE)
                    .until(
                            consumer::reason,
                            reason -> reason.contains("record " + forged + " ")
                                    && reason.contains(
                                            "the column \"nope\", which the destination table employees lacks"));

            Employees.insertKeys(pipeline.sourceUrl(), 2, 100);
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(
                                    pipeline.destinationUrl(),
                                    "SELECT count(*) > 50 AND bool_or(emp_id = 1000 AND city = 'Oslo') FROM employees")
                            .equals(List.of("t")));
            assertThat(consumer.isReady()).isFalse();

            execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD nope text");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(
                                    pipeline.destinationUrl(), "SELECT count(*) || max(nope) FROM employees")
                            .equals(List.of("101Oslo")));
            await().atMost(Pipeline.PATIENCE).until(consumer::isReady);
        }
    }

    private static String record(int actionId) {
        return "{\"action_id\":" + actionId + ",\"action\":\"UPDATE\",\"emp_id\":1000,\"city\":\"Oslo\"}";
    }

    @Test
    void identity_columns_that_become_always_are_written_or_named() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none")) {
            execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees ADD number int",
                    "SELECT cdc_capture('employees', 'emp_cdc')",
                    "INSERT INTO employees (emp_id, number) VALUES (1, 1), (2, 2)");
            execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD number int");
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Oslo'");
            pipeline.awaitEqual();

            execute(pipeline.destinationUrl(), "ALTER TABLE employees ALTER emp_id ADD GENERATED ALWAYS AS IDENTITY");
            execute(
                    pipeline.sourceUrl(),
                    "UPDATE employees SET city = 'Rome' WHERE emp_id = 1",
                    "DELETE FROM employees WHERE emp_id = 2",
                    "INSERT INTO employees (emp_id, number) VALUES (3, 3)");

            pipeline.awaitEqual();
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ALTER number SET NOT NULL",
                    "ALTER TABLE employees ALTER number ADD GENERATED ALWAYS AS IDENTITY");
            execute(pipeline.sourceUrl(), "UPDATE employees SET number = 33 WHERE emp_id = 3");

            String help = "ALTER TABLE public.employees ALTER COLUMN \"number\" SET GENERATED BY DEFAULT";
            await().atMost(Pipeline.PATIENCE).until(() -> consumer.reason().contains(help));
            assertThat(consumer.isReady()).isFalse();
            assertThat(DoctorRun.of(pipeline.environment()).ids()).contains("destination-column-identity");
            execute(pipeline.destinationUrl(), help);
            pipeline.awaitEqual();
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees DROP first_name, ADD first_name text GENERATED ALWAYS AS (lower(last_name)) STORED");
            assertThat(DoctorRun.of(pipeline.environment()).ids()).contains("destination-column-generated");
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
        }
    }
}
