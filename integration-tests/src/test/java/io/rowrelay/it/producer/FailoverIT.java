package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that fails over to a standby that streams asynchronously, and a former primary that comes back. */
@Timeout(300)
class FailoverIT {
    private static final Duration QUIET = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final Pipeline pipeline = Pipeline.create();
    private final Deque<PostgresServer> servers = new ArrayDeque<>();
    private PostgresServer source;
    private PostgresServer standby;

    @BeforeEach
    void a_standby_follows_the_source() {
        source = started(PostgresServer.in(directory.resolve("source"), "source", Map.of("fsync", "off")));
        source.apply(SqlScripts.withExample(SqlScripts.findDirectory(), "source"));
        source.stop();
        standby = source.standby(directory.resolve("standby"));
        source.start();
        started(standby);
        pipeline.with("SOURCE_DB_URL", source.jdbcUrl());
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
        servers.forEach(PostgresServer::close);
    }

    @Tag("nightly")
    @Test
    void commits_that_the_standby_lost_were_not_published_so_nothing_has_to_be_anchored_anew() throws Exception {
        pipeline.with("PUBLISH_AFTER_FLUSH_BY", "1").startConsumer();
        RunningDaemon producer = pipeline.startProducer();
        execute(source.jdbcUrl(), "INSERT INTO employees (salary) SELECT n FROM generate_series(1, 50) n");
        pipeline.awaitEqual();
        standby.stop();

        // The standby never gets these; the action_ids will be given out once more.
        execute(source.jdbcUrl(), "INSERT INTO employees (salary) SELECT 9 FROM generate_series(1, 5)");
        await().atMost(Pipeline.PATIENCE)
                .until(() -> producer.reason().contains("PUBLISH_AFTER_FLUSH_BY=1): no standby is attached"));
        assertThat(producer.isReady()).isFalse();
        await().during(QUIET).atMost(QUIET.multipliedBy(3)).until(() -> records() == 50);
        producer.kill();
        source.kill();
        standby.start();
        promote();

        RunningDaemon next = pipeline.with("PUBLISH_AFTER_FLUSH_BY", "0").startProducer();
        execute(
                standby.jdbcUrl(),
                "INSERT INTO employees (salary) VALUES (2)",
                "DELETE FROM employees WHERE emp_id < 10");
        pipeline.awaitEqual();
        assertThat(next.failure()).isNull();
        next.close();

        theFormerPrimaryIsRefused();
    }

    private void theFormerPrimaryIsRefused() throws Exception {
        String both = "jdbc:postgresql://127.0.0.1:" + source.port() + ",127.0.0.1:" + standby.port()
                + "/source?targetServerType=primary&hostRecheckSeconds=0";
        try (HikariDataSource pool = Databases.pool(both, "")) {
            pool.getConnection().close();
            source.start();
            standby.stop();
            pool.getHikariPoolMXBean().softEvictConnections();
            assertThatThrownBy(() -> pool.getConnection()).rootCause().hasMessageContaining("former primary");
        }
        execute(source.jdbcUrl(), "INSERT INTO employees (salary) VALUES (77)");
        int records = records();
        RunningDaemon producer =
                pipeline.with("SOURCE_DB_URL", source.jdbcUrl()).startProducer();

        await().atMost(Pipeline.PATIENCE).until(() -> producer.reason().contains("former primary"));
        assertThat(producer.isReady()).isFalse();
        assertThat(producer.reason()).contains("timeline 1", "timeline 2");
        assertThat(records()).isEqualTo(records);
        DoctorRun doctor = DoctorRun.of(pipeline.environment());
        assertThat(doctor.ids()).as(doctor.said()).contains("source-former-primary");
    }

    @Test
    void publishes_what_the_named_standby_has_and_says_which_right_is_missing() throws Exception {
        pipeline.startConsumer();
        execute(
                source.jdbcUrl(),
                "CREATE ROLE publisher LOGIN PASSWORD 'cdc'",
                "GRANT SELECT ON employees TO publisher",
                "SELECT cdc_grant('emp_cdc', 'publisher')");
        RunningDaemon producer = pipeline.with("SOURCE_DB_USER", "publisher")
                .with("PUBLISH_AFTER_FLUSH_BY", "walreceiver")
                .startProducer();
        execute(source.jdbcUrl(), "INSERT INTO employees (salary) VALUES (1)");
        await().atMost(Pipeline.PATIENCE).until(() -> producer.reason().contains("GRANT pg_read_all_stats"));
        assertThat(records()).isZero();

        execute(source.jdbcUrl(), "GRANT pg_read_all_stats TO publisher");
        pipeline.awaitEqual();
        await().atMost(Pipeline.PATIENCE).until(producer::isReady);
        producer.close();

        RunningDaemon other =
                pipeline.with("PUBLISH_AFTER_FLUSH_BY", "walreceiver,west").startProducer();
        execute(source.jdbcUrl(), "INSERT INTO employees (salary) VALUES (2)");
        await().atMost(Pipeline.PATIENCE).until(() -> other.reason().contains("walreceiver 0 bytes behind"));
    }

    private int records() {
        return Topics.read(pipeline.bootstrapServers(), pipeline.topic()).size();
    }

    private void promote() {
        assertThat(Databases.query(standby.jdbcUrl(), "SELECT pg_promote()")).containsExactly("t");
        pipeline.with("SOURCE_DB_URL", standby.jdbcUrl());
    }

    private PostgresServer started(PostgresServer server) {
        servers.push(server);
        server.start();
        return server;
    }
}
