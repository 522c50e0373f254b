package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.producer.capture.RestoredSourceException;
import io.rowrelay.producer.jdbc.Retention;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the producer goes on, when it waits and when it refuses: what the checkpoint, the lock and the capture tell it. */
@Timeout(120)
class CheckpointIT {
    private static final Duration SECONDS = Duration.ofSeconds(20);

    private final Pipeline pipeline = Pipeline.create();

    @BeforeEach
    void one_row_is_published() {
        RunningDaemon producer = pipeline.startProducer();
        execute(pipeline.sourceUrl(), insert(1));
        awaitPublished(1);
        producer.close();
        assertThat(producer.failure()).isNull();
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void refuses_another_cluster() {
        execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET system_identifier = system_identifier + 1");

        assertRefused("system identifier");
    }

    @Test
    void refuses_transaction_ids_that_went_backwards() {
        execute(
                pipeline.sourceUrl(),
                "UPDATE cdc_offset SET snapshot = (n || ':' || n || ':')::pg_snapshot"
                        + " FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000 AS n) future");

        assertRefused("transaction ids went backwards");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE emp_cdc ALTER COLUMN action_id RESTART",
                "SELECT setval(pg_get_serial_sequence('emp_cdc', 'action_id'), 1, false)",
                "TRUNCATE emp_cdc RESTART IDENTITY"
            })
    void refuses_action_ids_that_went_backwards(String statement) {
        execute(pipeline.sourceUrl(), insert(2));
        awaitPublishedByAnother(2);
        // As the retention does in time, so that the ids are free again.
        execute(pipeline.sourceUrl(), "DELETE FROM emp_cdc", statement);

        assertRefused("action_ids of public.emp_cdc went backwards");
    }

    @Test
    void refuses_changes_of_transactions_that_are_yet_to_come() {
        execute(pipeline.sourceUrl(), insert(2), "UPDATE emp_cdc SET xid = '9999999999' WHERE emp_id = 2");

        assertRefused("holds changes of transaction 9999999999");
    }

    @Test
    void refuses_a_database_restored_with_its_changes_but_without_its_checkpoint() {
        execute(
                pipeline.sourceUrl(),
                "DELETE FROM cdc_offset",
                "UPDATE emp_cdc SET xid = (xid::text::bigint + 100000)::text::xid8");

        assertRefused("which this cluster has not begun yet");
    }

    @Test
    void ends_when_its_checkpoint_is_deleted_under_it() {
        RunningDaemon producer = activeProducer();
        execute(pipeline.sourceUrl(), "DELETE FROM cdc_offset", insert(2));

        await().atMost(SECONDS).until(producer::hasEnded);
        assertThat(producer.failure())
                .isInstanceOf(RestoredSourceException.class)
                .hasMessageContaining("its checkpoint is gone");
    }

    @Test
    void ends_when_action_ids_go_backwards_under_it() {
        RunningDaemon producer = activeProducer();

        execute(pipeline.sourceUrl(), "ALTER TABLE emp_cdc ALTER COLUMN action_id RESTART");

        await().atMost(SECONDS).until(producer::hasEnded);
        assertThat(producer.failure())
                .isInstanceOf(RestoredSourceException.class)
                .hasMessageContaining("action_ids of public.emp_cdc went backwards");
    }

    @Test
    void stores_a_checkpoint_only_after_the_acknowledgement() {
        String stored = checkpoint();
        // A broker that nobody reaches acknowledges nothing.
        Pipeline unreachable = pipeline.with("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        RunningDaemon producer = unreachable.startProducer();
        execute(pipeline.sourceUrl(), insert(2), insert(3));
        await().atMost(SECONDS)
                .until(() -> !producer.isReady() && !producer.reasons().isEmpty());
        assertThat(checkpoint()).isEqualTo(stored);
        producer.kill();
        assertThat(checkpoint()).isEqualTo(stored);

        pipeline.with("KAFKA_BOOTSTRAP_SERVERS", pipeline.bootstrapServers()).start();
        pipeline.awaitEqual();
        await().atMost(SECONDS)
                .untilAsserted(() -> assertThat(Databases.query(
                                pipeline.sourceUrl(),
                                "SELECT last_action_id = (SELECT max(action_id) FROM emp_cdc) FROM cdc_offset"))
                        .containsExactly("t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed", "killed", "its connection ended"})
    void a_standby_takes_over_when_the_active_producer_is(String end) {
        RunningDaemon active = activeProducer();
        RunningDaemon standby = pipeline.startProducer();
        awaitReason(standby, "standby: another producer holds the stream's lock");
        assertThat(standby.isReady()).isTrue();

        execute(pipeline.sourceUrl(), insert(2));
        switch (end) {
            case "closed" -> active.close();
            case "killed" -> active.kill();
            default ->
                execute(
                        pipeline.sourceUrl(),
                        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        }
        execute(pipeline.sourceUrl(), insert(3));

        awaitPublished(3);
        if (active.hasEnded()) {
            awaitReason(standby, "active");
        }
        pipeline.startConsumer();
        pipeline.awaitEqual();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trigger cdc_update of public.employees is disabled"
                        + "|ALTER TABLE employees DISABLE TRIGGER cdc_update"
                        + "|ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_update",
                "nickname"
                        + "|ALTER TABLE employees ADD COLUMN nickname text"
                        + "|SELECT cdc_capture('employees', 'emp_cdc')"
            })
    void a_capture_that_is_not_sound_is_named_and_waited_out(String line) {
        String[] parts = line.split("\\|", -1);
        RunningDaemon producer = activeProducer();

        execute(pipeline.sourceUrl(), parts[1]);
        await().atMost(SECONDS).until(() -> !producer.isReady());
        assertThat(producer.reason())
                .contains("the capture of employees is not sound")
                .contains(parts[0]);

        execute(pipeline.sourceUrl(), parts[2]);
        awaitReason(producer, "active");
        execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD COLUMN IF NOT EXISTS nickname text");
        pipeline.with("RECORD_SCHEMA", "none").startConsumer();
        execute(
                pipeline.sourceUrl(),
                insert(2),
                "UPDATE employees SET city = 'x'",
                "DELETE FROM employees WHERE emp_id = 1");
        pipeline.awaitEqual();
    }

    /** The session after the one that notices finds changes without the key that it would write its statements for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE employees RENAME emp_id TO number|ALTER TABLE emp_cdc RENAME emp_id TO number;",
                "ALTER TABLE employees ADD number uuid DEFAULT gen_random_uuid(), DROP CONSTRAINT employees_pkey,"
                        + " ADD PRIMARY KEY (number)|"
            })
    void a_change_table_without_the_key_is_waited_out(String line) {
        String[] parts = line.split("\\|", -1);
        RunningDaemon producer = activeProducer();

        execute(pipeline.sourceUrl(), parts[0]);
        await().atMost(SECONDS)
                .until(() -> producer.hasEnded()
                        || producer.reason()
                                .contains("emp_cdc has no \"number\", which is in the primary key of employees"));
        assertThat(producer.failure()).isNull();

        execute(pipeline.sourceUrl(), parts[1] + " SELECT cdc_capture('employees', 'emp_cdc')");
        awaitReason(producer, "active");
        int published = published().size();
        execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Lima'");
        awaitPublished(published + 1);
    }

    @Test
    void removes_changes_that_are_old_and_published_and_no_others() throws Exception {
        Connection open = pipeline.source();
        execute(open, "BEGIN", insert(10));
        execute(pipeline.sourceUrl(), insert(11));
        RunningDaemon producer = pipeline.startProducer();
        awaitPublished(2);
        producer.close();
        execute(open, "COMMIT");
        execute(pipeline.sourceUrl(), insert(12));

        assertThat(remove(Duration.ofHours(1))).as("nothing is old").isZero();
        assertThat(remove(Duration.ZERO)).isEqualTo(2);
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT emp_id FROM emp_cdc ORDER BY action_id"))
                .as("one committed late, one is newer than the checkpoint")
                .containsExactly("10", "12");

        pipeline.start();
        pipeline.awaitEqual();
    }

    private int remove(Duration retention) throws Exception {
        try (HikariDataSource pool = Databases.pool(pipeline.sourceUrl(), "")) {
            AtomicInteger removed = new AtomicInteger();
            new Retention(
                            pool,
                            EmployeesStream.STREAM.name(),
                            EmployeesStream.TABLE,
                            retention,
                            removed::addAndGet,
                            System::nanoTime)
                    .step();
            return removed.get();
        }
    }

    private void assertRefused(String reason) {
        long records = published().size();
        execute(pipeline.sourceUrl(), insert(1000));
        RunningDaemon producer = pipeline.startProducer();

        await().atMost(SECONDS).until(producer::hasEnded);
        assertThat(producer.failure())
                .isInstanceOf(RestoredSourceException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("reanchor");
        assertThat(published()).hasSize((int) records);
    }

    private void awaitPublishedByAnother(int records) {
        RunningDaemon producer = pipeline.startProducer();
        awaitPublished(records);
        producer.close();
    }

    private void awaitPublished(int changes) {
        await().atMost(SECONDS).until(() -> published().size() >= changes);
    }

    private List<Long> published() {
        return Topics.read(pipeline.bootstrapServers(), pipeline.topic()).stream()
                .map(record -> Topics.actionId(record.value()))
                .distinct()
                .toList();
    }

    private RunningDaemon activeProducer() {
        RunningDaemon producer = pipeline.startProducer();
        awaitReason(producer, "active");
        return producer;
    }

    private static void awaitReason(RunningDaemon daemon, String reason) {
        await().atMost(SECONDS).until(() -> daemon.isReady() && daemon.reason().equals(reason));
    }

    private String checkpoint() {
        return Databases.query(pipeline.sourceUrl(), "SELECT ROW(o.*)::text FROM cdc_offset o")
                .get(0);
    }

    private static String insert(int id) {
        return "INSERT INTO employees (emp_id, city) VALUES (" + id + ", 'Oslo')";
    }
}
