package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What machine, role and database bring with them must not change what the daemons do. */
@Timeout(300)
class SurroundingsIT {
    private static final Duration QUIET = Duration.ofSeconds(2);

    /** Each by itself broke a daemon or a value while the sessions took it from the role. */
    private static final List<String> HOSTILE = List.of(
            "statement_timeout = '900ms'",
            "lock_timeout = '1ms'",
            "idle_in_transaction_session_timeout = '20ms'",
            "idle_session_timeout = '20ms'",
            "default_transaction_isolation = 'serializable'",
            "default_transaction_deferrable = on",
            "array_nulls = off",
            "exit_on_error = on",
            "standard_conforming_strings = off",
            "escape_string_warning = off",
            "enable_indexscan = off",
            "enable_nestloop = off",
            "synchronous_commit = off",
            "client_connection_check_interval = '1s'");

    @Tag("nightly")
    @Test
    void everything_works_in_locales_with_other_digits_and_letters_and_in_a_time_zone_that_postgresql_lacks()
            throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                DaemonProcess producer = new DaemonProcess(
                        "producer",
                        in(
                                pipeline,
                                "-Duser.language=hi -Duser.extensions=u-nu-deva -Duser.timezone=SystemV/PST8PDT"));
                DaemonProcess consumer = new DaemonProcess(
                        "consumer", in(pipeline, "-Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab"))) {
            producer.awaitReady();
            consumer.awaitReady();
            Databases.execute(
                    pipeline.sourceUrl(), "INSERT INTO employees (city, salary) VALUES ('Oslo', 1234.5), ('Rome', 7)");
            pipeline.awaitEqual();
            Databases.execute(pipeline.destinationUrl(), "UPDATE employees SET salary = 1 WHERE city = 'Oslo'");

            run(in(pipeline, "-Duser.language=fa -Duser.country=IR"), "verify", "--repair");
            run(in(pipeline, "-Duser.language=th -Duser.country=TH -Duser.extensions=u-nu-thai"), "resync");
            run(in(pipeline, "-Duser.language=tr -Duser.country=TR"), "status", "--json");

            pipeline.awaitEqual();
            assertThat(producer.get("/health/ready").body()).contains("\"ready\"");
            assertThat(producer.output()).doesNotContain("ERROR");
        }
    }

    @Test
    void sessions_take_no_time_out_and_no_meaning_of_values_from_role_or_database() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (city <> 'refused')");
            String role = "surrounded_" + pipeline.topic();
            for (String side : List.of("SOURCE", "DESTINATION")) {
                String url = side.equals("SOURCE") ? pipeline.sourceUrl() : pipeline.destinationUrl();
                Databases.execute(url, "CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD 'secret'");
                pipeline.with(side + "_DB_USER", role).with(side + "_DB_PASSWORD", "secret");
                hostile(url).forEach(setting -> surround(url, pipeline.topic(), setting));
            }
            RunningDaemon producer = pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(() -> producer.isReady() && consumer.isReady());

            Databases.execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (first_name, city) VALUES ('a', NULL), ('b', 'NULL'), ('c', 'refused'), ('d', 'it''s')");
            pipeline.awaitRows(3);
            assertThat(Databases.query(
                            pipeline.destinationUrl(), "SELECT first_name FROM employees WHERE city IS NULL"))
                    .containsExactly("a");
            pipeline.awaitDeadLetters(1);
            Databases.execute(pipeline.sourceUrl(), "DELETE FROM employees WHERE city = 'refused'");
            pipeline.awaitEqual();
            // Longer than every time-out above.
            int said = producer.reasons().size() + consumer.reasons().size();
            await().during(QUIET)
                    .atMost(QUIET.multipliedBy(4))
                    .until(() -> producer.isReady()
                            && consumer.isReady()
                            && producer.reasons().size() + consumer.reasons().size() == said);

            run(pipeline.environment(), "verify");
        }
    }

    @Test
    void a_password_that_was_rotated_in_its_file_is_used_by_the_next_session(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "old\n");
        try (Pipeline pipeline = Pipeline.create()) {
            String role = "rotated_" + pipeline.topic();
            for (String side : List.of("SOURCE", "DESTINATION")) {
                String url = side.equals("SOURCE") ? pipeline.sourceUrl() : pipeline.destinationUrl();
                Databases.execute(url, "CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD 'old'");
                pipeline.with(side + "_DB_USER", role).with(side + "_DB_PASSWORD_FILE", file.toString());
            }
            RunningDaemon producer = pipeline.startProducer();
            RunningDaemon consumer = pipeline.startConsumer();
            Employees.insert(pipeline.sourceUrl(), 1);
            pipeline.awaitEqual();

            for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
                Databases.execute(
                        url,
                        "ALTER ROLE " + role + " PASSWORD 'new'",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
            }
            await().atMost(Pipeline.PATIENCE).until(() -> !producer.isReady() && !consumer.isReady());
            // As when it is written anew: nothing in it means nothing new.
            Files.writeString(file, "");
            Files.writeString(file, "new\n");

            Databases.execute(pipeline.sourceUrl(), "INSERT INTO employees (city) VALUES ('Rome')");
            pipeline.awaitEqual();
            await().atMost(Pipeline.PATIENCE).until(() -> producer.isReady() && consumer.isReady());
        }
    }

    @Test
    void a_codec_without_a_usable_temporary_directory_is_explained(@TempDir Path directory) throws Exception {
        String elsewhere = "-Djava.io.tmpdir=" + directory.resolve("missing");
        try (Pipeline pipeline = Pipeline.create();
                DaemonProcess consumer = new DaemonProcess("consumer", in(pipeline, elsewhere))) {
            pipeline.with("KAFKA_COMPRESSION_TYPE", "zstd");
            try (DaemonProcess producer = new DaemonProcess("producer", in(pipeline, elsewhere))) {
                assertThat(producer.awaitEnd()).isEqualTo(2);
                assertThat(producer.errors()).contains("compression.type", "-Djava.io.tmpdir=DIRECTORY");
            }
            pipeline.startProducer();
            Employees.insert(pipeline.sourceUrl(), 1);

            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(consumer.get("/health/ready").body())
                                    .contains("not ready", "-Djava.io.tmpdir=DIRECTORY"));
            assertThat(consumer.isAlive()).isTrue();
            consumer.close();
            pipeline.startConsumer();
            pipeline.awaitEqual();
        }
    }

    /** A topic that takes no time from before its own stands for the clock of a machine that is wrong. */
    @Test
    void a_clock_that_the_broker_refuses_is_an_outage_and_new_topics_go_by_the_brokers_clock() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(pipeline.topic(), 1, (short) 1)
                            .configs(Map.of("message.timestamp.before.max.ms", "0"))))
                    .all()
                    .get();
            RunningDaemon producer = pipeline.startProducer();
            pipeline.startConsumer();
            Employees.insert(pipeline.sourceUrl(), 1);
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> producer.reason().contains("message.timestamp.type=LogAppendTime"));
            assertThat(producer.hasEnded()).isFalse();
            ConfigResource letters = new ConfigResource(ConfigResource.Type.TOPIC, pipeline.deadLetterTopic());
            assertThat(admin.describeConfigs(List.of(letters)).all().get())
                    .hasEntrySatisfying(
                            letters,
                            config -> assertThat(
                                            config.get("message.timestamp.type").value())
                                    .isEqualTo("LogAppendTime"));

            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, pipeline.topic()),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("message.timestamp.type", "LogAppendTime"),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();

            pipeline.awaitEqual();
            await().atMost(Pipeline.PATIENCE).until(producer::isReady);
        }
    }

    /** The role of this test's own sessions has its time: on a busy machine they would be ended before they ask. */
    private static void surround(String url, String database, String setting) {
        String name = setting.substring(0, setting.indexOf(' '));
        if (name.endsWith("_timeout")) {
            Databases.execute(url, "ALTER ROLE CURRENT_USER IN DATABASE " + database + " SET " + name + " = 0");
        }
        Databases.execute(url, "ALTER DATABASE " + database + " SET " + setting);
    }

    private static Stream<String> hostile(String url) {
        boolean hasTransactionTimeout = !Databases.query(
                        url, "SELECT name FROM pg_settings WHERE name = 'transaction_timeout'")
                .isEmpty();
        return hasTransactionTimeout
                ? Stream.concat(HOSTILE.stream(), Stream.of("transaction_timeout = '700ms'"))
                : HOSTILE.stream();
    }

    private static Map<String, String> in(Pipeline pipeline, String options) {
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        environment.put("JDK_JAVA_OPTIONS", options);
        return environment;
    }

    private static void run(Map<String, String> environment, String... arguments) {
        try (DaemonProcess admin = new DaemonProcess("admin", environment, arguments)) {
            assertThat(admin.awaitEnd()).as(admin.output() + admin.errors()).isZero();
        }
    }
}
