package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Link;
import io.rowrelay.it.stack.Load;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.sandbox.process.JarProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The real jars as processes of their own. */
@Timeout(300)
class DaemonProcessIT {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
    private static final String SECRET = "Hush-5ecret";

    @Test
    void the_producer_tells_every_mistake_of_its_configuration_at_once(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("my.properties"), "PAGE_SIZ=10\nSTREAM=employees\n");
        try (DaemonProcess producer = new DaemonProcess(
                "producer",
                Map.of(
                        "SOURCE_DB_URL", "postgres://me:" + SECRET + "@db/source",
                        "SOURCE_DB_USR", "me",
                        "SOURCE_DB_PASSWORD_FILE", "/missing/password",
                        "POLL_IDLE_MAX", "-5ms",
                        "HTTP_PORT", "70000",
                        "TOPIC", "no such/topic",
                        "KAFKA_LINGER_MS", "soon",
                        "KAFKA_SSL_KEY_PASSWORD", SECRET),
                "--config",
                file.toString())) {
            assertThat(producer.awaitEnd()).isEqualTo(2);

            assertThat(producer.errors())
                    .contains("8 mistakes")
                    .contains("PAGE_SIZ", file.toString(), "PAGE_SIZE")
                    .contains("SOURCE_DB_URL", "jdbc:postgresql://")
                    .contains("SOURCE_DB_USR", "SOURCE_DB_USER")
                    .contains("SOURCE_DB_PASSWORD_FILE", "/missing/password")
                    .contains("POLL_IDLE_MAX=-5ms")
                    .contains("HTTP_PORT=70000", "65535")
                    .contains("TOPIC=no such/topic")
                    .contains("KAFKA_LINGER_MS=soon")
                    .doesNotContain(SECRET)
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
            assertThat(producer.output()).isEmpty();
        }
    }

    @Test
    void the_consumer_tells_every_mistake_of_its_configuration_at_once() {
        try (DaemonProcess consumer = new DaemonProcess(
                "consumer",
                Map.of(
                        "DESTINATION_DB_URL", "jdbc:postgresql://localhost/destination?password=" + SECRET,
                        "DESTINATION_DB_PASSWORD", SECRET,
                        "TOMBSTONE_RETENTION", "-1d",
                        "RECORD_SCHEMA", "/missing/schema.json",
                        "LOG_FORMAT", "xml",
                        "TOPIC_PARTITIONS", "many",
                        "DLQ_TOPIC", "bf_employee_cdc",
                        "KAFKA_BOOTSTRAP_SERVERS", "localhost"),
                "--config",
                "/missing/my.properties")) {
            assertThat(consumer.awaitEnd()).isEqualTo(2);

            assertThat(consumer.errors())
                    .contains("--config", "/missing/my.properties")
                    .contains("DESTINATION_DB_URL")
                    .contains("TOMBSTONE_RETENTION=-1d")
                    .contains("RECORD_SCHEMA=/missing/schema.json")
                    .contains("LOG_FORMAT=xml", "json")
                    .contains("TOPIC_PARTITIONS=many")
                    .contains("DLQ_TOPIC")
                    .contains("KAFKA_BOOTSTRAP_SERVERS=localhost")
                    .doesNotContain(SECRET)
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
            assertThat(consumer.output()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void help_and_version_need_no_configuration(String name) {
        try (DaemonProcess help = new DaemonProcess(name, Map.of("HTTP_PORT", "wrong"), "--help");
                DaemonProcess settings = new DaemonProcess(name, Map.of("HTTP_PORT", "wrong"), "--help-settings");
                DaemonProcess version = new DaemonProcess(name, Map.of(), "--version");
                DaemonProcess wrong = new DaemonProcess(name, Map.of(), "--colour")) {
            assertThat(help.awaitEnd()).isZero();
            assertThat(help.output()).contains("Usage: rowrelay " + name, "--help-settings");
            assertThat(settings.awaitEnd()).isZero();
            assertThat(settings.output()).contains("_DB_URL", "KAFKA_BOOTSTRAP_SERVERS");
            assertThat(version.awaitEnd()).isZero();
            assertThat(version.output()).matches("rowrelay-" + name + " \\d+\\.\\d+\\.\\d+\\S*\\R");
            assertThat(wrong.awaitEnd()).isEqualTo(2);
            assertThat(wrong.errors()).contains("--colour", "--help");
        }
    }

    @Test
    void waits_for_database_and_broker_that_come_up_later() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Link source = Link.cutTo(port(pipeline.sourceUrl().substring("jdbc:".length())));
                Link destination = Link.cutTo(port(pipeline.destinationUrl().substring("jdbc:".length())));
                Link broker = Link.cutTo(port("kafka://" + pipeline.bootstrapServers()))) {
            Map<String, String> environment = new HashMap<>(pipeline.environment());
            environment.put("SOURCE_DB_URL", through(source, pipeline.sourceUrl()));
            environment.put("DESTINATION_DB_URL", through(destination, pipeline.destinationUrl()));
            environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + broker.port());
            Employees.insert(pipeline.sourceUrl(), 1);
            try (DaemonProcess producer = new DaemonProcess("producer", environment);
                    DaemonProcess consumer = new DaemonProcess("consumer", environment)) {
                awaitNotReady(producer, "Kafka does not answer");
                awaitNotReady(consumer, "Kafka does not answer");
                broker.heal();
                awaitNotReady(producer, "source database");
                awaitNotReady(consumer, "destination");
                assertThat(producer.get("/health/ready").body()).contains("\"status\":\"not ready\"");

                source.heal();
                destination.heal();

                producer.awaitReady();
                consumer.awaitReady();
                pipeline.awaitEqual();
                assertThat(producer.errors()).isEmpty();
                assertThat(consumer.errors()).isEmpty();
            }
        }
    }

    @Test
    void ends_with_0_within_ten_seconds_of_sigterm_under_load_and_goes_on_where_it_was() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Load load = new Load(pipeline)) {
            try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment());
                    DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment())) {
                producer.awaitReady();
                consumer.awaitReady();
                load.awaitArrivals(5);

                assertThat(producer.stop(STOP_DEADLINE)).isZero();
                assertThat(consumer.stop(STOP_DEADLINE)).isZero();

                assertThat(producer.output())
                        .contains("producer stopped exit_code=0")
                        .doesNotContain("ERROR");
                assertThat(consumer.output())
                        .contains("consumer stopped exit_code=0")
                        .doesNotContain("ERROR");
            }
            load.assertEqualAfterARestart();
        }
    }

    @Test
    void ends_with_0_while_everything_is_out_of_reach() {
        Map<String, String> nowhere = Map.of(
                "SOURCE_DB_URL", "jdbc:postgresql://127.0.0.1:1/source",
                "DESTINATION_DB_URL", "jdbc:postgresql://127.0.0.1:1/destination",
                "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                "HTTP_HOST", "127.0.0.1",
                "HTTP_PORT", "0");
        try (DaemonProcess producer = new DaemonProcess("producer", nowhere);
                DaemonProcess consumer = new DaemonProcess("consumer", nowhere)) {
            awaitNotReady(producer, "Kafka does not answer");
            awaitNotReady(consumer, "Kafka does not answer");

            assertThat(producer.stop(STOP_DEADLINE)).isZero();
            assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        }
    }

    @Tag("nightly")
    @Test
    void loses_nothing_when_both_are_killed_under_load_again_and_again() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("KAFKA_SESSION_TIMEOUT_MS", "6000");
                Load load = new Load(pipeline)) {
            for (int round = 0; round < 2; round++) {
                try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment());
                        DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment())) {
                    producer.awaitReady();
                    consumer.awaitReady();
                    load.awaitArrivals(3);
                }
            }
            load.assertEqualAfterARestart();
        }
    }

    @Test
    void logs_json_lines_and_counts_and_gives_neither_secrets_nor_rows_away() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("LOG_FORMAT", "json");
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            String role = "role_" + pipeline.topic();
            String created = "CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD '" + SECRET + "'";
            Databases.execute(pipeline.sourceUrl(), created);
            Databases.execute(pipeline.destinationUrl(), created, "ALTER TABLE employees ADD CHECK (salary < 100)");
            for (String database : List.of("SOURCE_DB", "DESTINATION_DB")) {
                pipeline.with(database + "_USER", role).with(database + "_PASSWORD", SECRET);
            }
            try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment());
                    DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment())) {
                producer.awaitReady();
                consumer.awaitReady();
                Databases.execute(
                        pipeline.sourceUrl(),
                        "INSERT INTO employees (first_name, city, salary) VALUES ('Xyzzy', 'Plugh', 50), ('Xyzzy', 'Plugh', 777777)");
                client.send(pipeline.topic(), "Xyzzy", "{\"first_name\":\"Xyzzy\",");

                awaitMetric(producer, "rowrelay_changes_captured_total", 2);
                awaitMetric(producer, "rowrelay_changes_published_total", 2);
                awaitMetric(consumer, "rowrelay_changes_applied_total", 1);
                awaitMetric(consumer, "rowrelay_records_deadlettered_total{reason=\"destination\"", 1);
                awaitMetric(consumer, "rowrelay_records_deadlettered_total{reason=\"not_json\"", 1);
                assertThat(producer.get("/metrics").body())
                        .contains(
                                "rowrelay_latency_published_seconds_bucket",
                                "rowrelay_page_changes",
                                "rowrelay_lag_changes")
                        .contains("rowrelay_lag_seconds", "rowrelay_ready", "jvm_", "kafka_producer_", "hikaricp_");
                assertThat(consumer.get("/metrics").body())
                        .contains(
                                "rowrelay_latency_applied_seconds_bucket",
                                "rowrelay_batch_changes",
                                "rowrelay_lag_changes")
                        .contains(
                                "rowrelay_changes_superseded_total",
                                "rowrelay_records_lost_total",
                                "rowrelay_lag_seconds")
                        .contains("rowrelay_ready", "jvm_", "kafka_consumer_", "hikaricp_");
                assertThat(producer.stop(STOP_DEADLINE)).isZero();
                assertThat(consumer.stop(STOP_DEADLINE)).isZero();

                for (DaemonProcess daemon : List.of(producer, consumer)) {
                    assertThat(daemon.output()).doesNotContain(SECRET, "Xyzzy", "Plugh", "777777");
                    assertThat(daemon.output().lines())
                            .isNotEmpty()
                            .allSatisfy(line -> assertThat(
                                            JsonMapper.shared().readTree(line).isObject())
                                    .isTrue());
                    assertThat(daemon.errors()).isEmpty();
                }
            }
        }
    }

    private static int port(String url) {
        return URI.create(url).getPort();
    }

    private static String through(Link link, String url) {
        return "jdbc:postgresql://127.0.0.1:" + link.port() + url.substring(url.lastIndexOf('/'));
    }

    private static void awaitNotReady(DaemonProcess daemon, String reason) {
        await("not ready: " + reason).atMost(Pipeline.PATIENCE).untilAsserted(() -> {
            JarProcess.Page ready = daemon.get("/health/ready");
            assertThat(ready.status()).as(ready.body()).isEqualTo(503);
            assertThat(ready.body()).contains(reason);
        });
        assertThat(daemon.get("/health/live").status()).isEqualTo(200);
    }

    /** Waits until the sample whose line begins so has the value. */
    private static void awaitMetric(DaemonProcess daemon, String begin, double value) {
        await(begin)
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(daemon.get("/metrics").body().lines())
                        .anySatisfy(line -> assertThat(line).startsWith(begin).endsWith(" " + value)));
    }
}
