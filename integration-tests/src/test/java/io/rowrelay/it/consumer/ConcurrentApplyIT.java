package io.rowrelay.it.consumer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.consumer.jdbc.JdbcProgress;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two consumers with the same key, as when a partition has moved and its former owner does not know yet. */
@Timeout(180)
class ConcurrentApplyIT {
    @ParameterizedTest
    @CsvSource({
        "read committed, false, false",
        "read committed, true, true",
        "repeatable read, false, true",
        "repeatable read, true, false",
        "serializable, true, true"
    })
    void an_older_change_that_waited_for_a_deletion_does_not_undo_it(
            String isolation, boolean rowWasThere, boolean asArrays) throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Connection former = pipeline.destination()) {
            execute(
                    former,
                    "ALTER DATABASE " + pipeline.topic() + " SET default_transaction_isolation = '" + isolation + "'");
            if (rowWasThere) {
                execute(
                        former,
                        "INSERT INTO employees (emp_id, action_id) VALUES (1, 5)",
                        "INSERT INTO cdc_key_lock VALUES ('employees', 0)");
            }
            execute(
                    former,
                    "BEGIN ISOLATION LEVEL READ COMMITTED",
                    "INSERT INTO cdc_key_lock VALUES ('employees', 0) ON CONFLICT DO NOTHING",
                    "SELECT FROM cdc_key_lock FOR UPDATE");

            CompletableFuture<Applied> late = CompletableFuture.supplyAsync(() -> applyLate(pipeline, asArrays));
            await().until(() -> Databases.query(
                                    pipeline.destinationUrl(),
                                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                            .size()
                    == 1);
            execute(
                    former,
                    "DELETE FROM employees",
                    "INSERT INTO cdc_tombstone VALUES ('employees', '1', 10)",
                    "COMMIT");

            assertThat(late.get(30, TimeUnit.SECONDS)).isEqualTo(new Applied(0, 1, List.of()));
            assertThat(pipeline.destinationRows("employees")).isEmpty();
        }
    }

    /** Any role that may connect can take any advisory lock. */
    @Test
    void a_stranger_that_holds_all_advisory_locks_it_knows_of_stops_nobody() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String stranger = "stranger_" + pipeline.topic();
            execute(pipeline.destinationUrl(), "CREATE ROLE " + stranger + " LOGIN PASSWORD 'cdc'");
            try (Connection session = DriverManager.getConnection(pipeline.destinationUrl(), stranger, "cdc")) {
                execute(
                        session,
                        "SELECT count(pg_advisory_lock(hashtext(name || ' of stream employees'), n))"
                                + " FROM unnest('{rowrelay apply,rowrelay progress}'::text[]) name, generate_series(0, 119) n");
                assertThatThrownBy(() -> execute(session, "SELECT FROM cdc_key_lock FOR UPDATE"))
                        .hasMessageContaining("permission denied");
                assertThatThrownBy(() -> execute(
                                session, "DO 'BEGIN LOCK TABLE cdc_progress IN SHARE UPDATE EXCLUSIVE MODE; END'"))
                        .hasMessageContaining("permission denied");

                assertThat(applyLate(pipeline, true)).isEqualTo(new Applied(1, 0, List.of()));
                correct(pipeline);
                execute(session, "SELECT pg_advisory_unlock_all()");
            }
        }
    }

    private static void correct(Pipeline pipeline) throws Exception {
        try (HikariDataSource pool = Databases.pool(pipeline.destinationUrl(), "SET lock_timeout = '10s';")) {
            new JdbcProgress(pool, "employees", "t")
                    .correct(Map.of(new Partition("t", 0), new PartitionProgress("id", 1)));
        }
    }

    private static Applied applyLate(Pipeline pipeline, boolean asArrays) {
        byte[] json = "{\"action_id\": 9, \"action\": \"UPDATE\", \"emp_id\": 1, \"city\": \"late\"}"
                .getBytes(StandardCharsets.UTF_8);
        TopicRecord record = new TopicRecord(new Partition("t", 0), 0, "1".getBytes(StandardCharsets.UTF_8), json, 0);
        try (HikariDataSource pool = io.rowrelay.common.jdbc.Databases.open(
                new DatabaseSettings(pipeline.destinationUrl(), "cdc", "cdc"),
                "late",
                1,
                "",
                new SimpleMeterRegistry())) {
            return new JdbcChangeApplier(
                            pool,
                            new JdbcProgress(pool, "employees", "t"),
                            new TopicTable("employees", "t"),
                            System::nanoTime)
                    .apply(
                            List.of(new ValidChange(
                                    record,
                                    9,
                                    Action.UPDATE,
                                    "1",
                                    List.of("emp_id", "city"),
                                    asArrays ? List.of("1", "late") : null,
                                    null)),
                            List.of(),
                            true);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
