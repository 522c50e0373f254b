package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.PgBouncer;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pooler before the databases: refused where it shares sessions, of no effect where it does not. */
@Timeout(300)
class PoolersIT {
    private static final String REFUSAL = "pool_mode = transaction";
    private static final String LOCKS = "SELECT count(*) FROM pg_locks l JOIN pg_database b ON b.oid = l.database"
            + " WHERE locktype = 'advisory' AND datname = current_database()";

    @BeforeEach
    void installed() {
        assumeThat(PgBouncer.program()).as("pgbouncer is installed").isPresent();
    }

    /** Each transaction gets the same session of the server. */
    @Test
    void one_session_shared_by_the_transaction_is_refused_with_the_reason() throws Exception {
        areRefused(1);
    }

    /** A transaction may get another session than the one before it. */
    @Tag("nightly")
    @Test
    void sessions_shared_by_the_transaction_are_refused_with_the_reason() throws Exception {
        areRefused(4);
    }

    private static void areRefused(int sessions) throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                PgBouncer source = PgBouncer.start(pipeline.sourceUrl(), "transaction", sessions);
                PgBouncer destination = PgBouncer.start(pipeline.destinationUrl(), "transaction", sessions)) {
            String direct = pipeline.sourceUrl();
            pipeline.with("SOURCE_DB_URL", source.url(pipeline.topic()))
                    .with("DESTINATION_DB_URL", destination.url(pipeline.topic()));
            RunningDaemon producer = pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();

            await().atMost(Pipeline.PATIENCE).untilAsserted(() -> {
                assertThat(producer.reason()).contains(REFUSAL);
                assertThat(consumer.reason()).contains(REFUSAL);
            });
            assertThat(producer.isReady()).isFalse();
            assertThat(consumer.isReady()).isFalse();
            assertThat(Databases.query(direct, LOCKS)).containsExactly("0");
            DoctorRun doctor = DoctorRun.of(pipeline.environment());
            assertThat(doctor.exitCode()).as(doctor.said()).isEqualTo(3);
            assertThat(doctor.ids()).contains("source-pooler", "destination-pooler");
            AdminRun admin = AdminRun.of(pipeline.environment(), "verify");
            assertThat(admin.exitCode()).isNotZero();
            assertThat(admin.output() + admin.errors()).contains(REFUSAL);
        }
    }

    @Test
    void whole_sessions_are_taken_and_their_settings_and_locks_do_not_outlive_them() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                PgBouncer source = PgBouncer.start(pipeline.sourceUrl(), "session", 8);
                PgBouncer destination = PgBouncer.start(pipeline.destinationUrl(), "session", 8)) {
            String direct = pipeline.sourceUrl();
            pipeline.with("SOURCE_DB_URL", source.url(pipeline.topic()))
                    .with("DESTINATION_DB_URL", destination.url(pipeline.topic()));
            RunningDaemon producer = pipeline.startProducer();
            pipeline.startConsumer();
            RunningDaemon second = pipeline.startProducer();
            Employees.insert(direct, 1);
            pipeline.awaitEqual();
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> List.of(producer.reason(), second.reason()).stream()
                            .anyMatch(reason -> reason.startsWith("standby")));

            producer.close();
            Databases.execute(direct, "INSERT INTO employees (city) VALUES ('Rome')");
            pipeline.awaitEqual();
            second.close();

            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(Databases.query(direct, LOCKS)).containsExactly("0"));
            assertThat(Databases.query(source.url(pipeline.topic()), "SHOW synchronous_commit"))
                    .containsExactly("on");
        }
    }
}
