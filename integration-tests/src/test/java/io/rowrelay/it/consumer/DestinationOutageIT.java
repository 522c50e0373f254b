package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fault of the destination costs no record: the consumer waits, says for what, and goes on by itself. */
@Timeout(180)
class DestinationOutageIT {
    private static final String SOME_ROWS =
            "INSERT INTO employees (first_name, city, salary) SELECT 'n' || n, 'Oslo', n FROM generate_series(1, 300) n";
    private static final String OTHER_VALUES = "UPDATE employees SET salary = salary + 1, city = 'Lima'";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE employees RENAME TO gone              | ALTER TABLE gone RENAME TO employees              | employees
            ALTER TABLE employees RENAME city TO town         | ALTER TABLE employees RENAME town TO city         | city
            ALTER TABLE employees DROP action_id              | SELECT cdc_destination('employees')               | action_id
            ALTER TABLE cdc_tombstone RENAME TO gone          | ALTER TABLE gone RENAME TO cdc_tombstone          | cdc_tombstone
            ALTER TABLE employees DROP CONSTRAINT employees_pkey | ALTER TABLE employees ADD PRIMARY KEY (emp_id) | employees
            """)
    void waits_for_what_is_missing_whether_it_went_before_the_start_or_after(String breaks, String mends, String named)
            throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.startProducer();
            Databases.execute(pipeline.destinationUrl(), breaks);
            Databases.execute(pipeline.sourceUrl(), SOME_ROWS);
            RunningDaemon consumer = pipeline.startConsumer();
            awaitOutage(consumer, 0, named);
            Databases.execute(pipeline.destinationUrl(), mends);
            awaitRecovery(pipeline, consumer);

            int said = consumer.reasons().size();
            Databases.execute(pipeline.destinationUrl(), breaks);
            Databases.execute(pipeline.sourceUrl(), OTHER_VALUES);
            awaitOutage(consumer, said, named);
            Databases.execute(pipeline.destinationUrl(), mends);
            awaitRecovery(pipeline, consumer);
        }
    }

    @Test
    void waits_for_a_privilege() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String role = "role_" + pipeline.topic();
            Databases.execute(
                    pipeline.destinationUrl(),
                    "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                    "SELECT cdc_grant_destination('employees', '" + role + "')",
                    "REVOKE UPDATE ON employees FROM " + role);
            pipeline.with("DESTINATION_DB_USER", role).startProducer();
            Databases.execute(pipeline.sourceUrl(), SOME_ROWS);

            RunningDaemon consumer = pipeline.startConsumer();

            awaitOutage(consumer, 0, "lacks UPDATE on ");
            Databases.execute(pipeline.destinationUrl(), "GRANT UPDATE ON employees TO " + role);
            awaitRecovery(pipeline, consumer);
        }
    }

    @Test
    void waits_while_the_destination_is_read_only() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Databases.execute(pipeline.sourceUrl(), SOME_ROWS);
            pipeline.awaitEqual();
            String database = "ALTER DATABASE " + pipeline.topic();

            Databases.execute(
                    pipeline.destinationUrl(), database + " SET default_transaction_read_only = on", terminate());
            Databases.execute(pipeline.sourceUrl(), OTHER_VALUES);

            awaitOutage(consumer, 0, "read-only");
            Databases.execute(
                    pipeline.destinationUrl(),
                    "SET default_transaction_read_only = off",
                    database + " RESET default_transaction_read_only");
            awaitRecovery(pipeline, consumer);
        }
    }

    @Test
    void waits_for_a_lock_on_the_table_without_holding_up_anything_for_ever() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Databases.execute(pipeline.sourceUrl(), SOME_ROWS);
            pipeline.awaitEqual();
            Connection maintenance = pipeline.destination();
            Databases.execute(maintenance, "BEGIN", "LOCK TABLE employees");

            Databases.execute(pipeline.sourceUrl(), OTHER_VALUES);

            awaitOutage(consumer, 0, "lock timeout");
            Databases.execute(maintenance, "COMMIT");
            awaitRecovery(pipeline, consumer);
        }
    }

    @Test
    void applies_a_batch_again_whose_connection_was_lost_in_the_middle() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Databases.execute(pipeline.sourceUrl(), SOME_ROWS);
            pipeline.awaitEqual();
            Connection other = pipeline.destination();
            Databases.execute(other, "BEGIN", "SELECT FROM employees WHERE emp_id = 200 FOR UPDATE");
            Databases.execute(pipeline.sourceUrl(), OTHER_VALUES);
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(
                                    pipeline.destinationUrl(),
                                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                            + " AND application_name LIKE 'rowrelay%' AND wait_event_type = 'Lock'")
                            .equals(List.of("1")));

            Databases.execute(pipeline.destinationUrl(), terminate());
            awaitOutage(consumer, 0, "terminating connection");

            Databases.execute(other, "COMMIT");
            awaitRecovery(pipeline, consumer);
        }
    }

    private static String terminate() {
        return "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'rowrelay%'";
    }

    /** Waits until the consumer is not ready and says why, after what it had said before. */
    private static void awaitOutage(RunningDaemon consumer, int saidBefore, String named) {
        await("an outage that names " + named)
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(consumer.reasons().stream().skip(saidBefore))
                        .anySatisfy(reason -> assertThat(reason).contains(named)));
        assertThat(consumer.isReady()).isFalse();
        assertThat(consumer.hasEnded()).isFalse();
    }

    private static void awaitRecovery(Pipeline pipeline, RunningDaemon consumer) {
        pipeline.awaitEqual();
        await().atMost(Pipeline.PATIENCE).until(consumer::isReady);
        assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                .isEmpty();
    }
}
