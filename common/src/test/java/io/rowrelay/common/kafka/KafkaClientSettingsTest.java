package io.rowrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rowrelay.common.settings.ProductNames;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class KafkaClientSettingsTest {

    private static final SettingsTable TABLE = new SettingsTable(
            List.of(KafkaClientSettings.BOOTSTRAP_SERVERS),
            List.of(KafkaClientSettings.PROPERTIES),
            List.of(KafkaClientSettings.TAKEN_BY_THE_CLIENTS),
            new ProductNames(Set.of("KAFKA_GROUP_ID"), List.of()));
    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"cdc\" password=\"hunter2\";";

    @Test
    void says_how_large_a_record_its_producer_sends() {
        assertThat(KafkaClientSettings.of("k:9092", Map.of()).largestRecordBytes())
                .isEqualTo(1 << 20);
        assertThat(KafkaClientSettings.of("k:9092", Map.of("KAFKA_MAX_REQUEST_SIZE", "5000000"))
                        .largestRecordBytes())
                .isEqualTo(5_000_000);
    }

    @Test
    void gives_each_client_the_properties_it_knows() {
        KafkaClientSettings kafka = read(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "kafka:9092",
                "KAFKA_LINGER_MS",
                "7",
                "KAFKA_MAX_POLL_RECORDS",
                "99",
                "KAFKA_REQUEST_TIMEOUT_MS",
                "12345"));

        assertThat(kafka.producer())
                .containsEntry("bootstrap.servers", "kafka:9092")
                .containsEntry("linger.ms", "7")
                .containsEntry("request.timeout.ms", "12345")
                .doesNotContainKey("max.poll.records");
        assertThat(kafka.consumer())
                .containsEntry("bootstrap.servers", "kafka:9092")
                .containsEntry("max.poll.records", "99")
                .containsEntry("request.timeout.ms", "12345")
                .doesNotContainKey("linger.ms");
        assertThat(kafka.admin())
                .containsEntry("request.timeout.ms", "12345")
                .doesNotContainKeys("linger.ms", "max.poll.records");
    }

    @Test
    void a_secret_in_a_file_is_that_of_the_moment_in_which_a_client_is_opened(@TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("jaas"), JAAS + "\n");
        KafkaClientSettings kafka = read(Map.of(
                "KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT",
                "KAFKA_SASL_MECHANISM", "PLAIN",
                "KAFKA_SASL_JAAS_CONFIG_FILE", file.toString()));
        SecretWatch watch = new SecretWatch(kafka);
        assertThat(kafka.producer()).containsEntry("sasl.jaas.config", JAAS);
        assertThat(watch.haveChanged()).isFalse();

        Files.writeString(file, "");
        assertThat(kafka.consumer()).containsEntry("sasl.jaas.config", JAAS);
        String rotated = JAAS.replace("hunter2", "hunter3");
        Files.writeString(file, rotated);

        assertThat(kafka.producer()).containsEntry("sasl.jaas.config", rotated);
        assertThat(kafka.admin()).containsEntry("sasl.jaas.config", rotated);
        assertThat(watch.haveChanged()).isTrue();
        watch.opening();
        assertThat(watch.haveChanged()).isFalse();
        assertThat(kafka.toString()).doesNotContain("hunter");
    }

    @Test
    void sets_what_the_guarantees_rest_on() {
        KafkaClientSettings kafka = read(Map.of());

        assertThat(kafka.producer()).containsEntry("acks", "all").containsEntry("enable.idempotence", "true");
        assertThat(kafka.consumer())
                .containsEntry("enable.auto.commit", "false")
                .containsEntry("auto.offset.reset", "none");
    }

    @Test
    void lets_each_client_read_a_replaced_key_store() {
        KafkaClientSettings kafka = read(Map.of());

        assertThat(List.of(kafka.producer(), kafka.consumer(), kafka.admin()))
                .allSatisfy(properties -> assertThat(properties)
                        .containsEntry("ssl.engine.factory.class", CurrentSslEngines.class.getName()));
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_ACKS, 1",
        "KAFKA_ENABLE_IDEMPOTENCE, false",
        "KAFKA_ENABLE_AUTO_COMMIT, true",
        "KAFKA_AUTO_OFFSET_RESET, latest",
        "KAFKA_KEY_SERIALIZER, x",
        "KAFKA_VALUE_SERIALIZER, x",
        "KAFKA_KEY_DESERIALIZER, x",
        "KAFKA_VALUE_DESERIALIZER, x",
        "KAFKA_DELIVERY_TIMEOUT_MS, 1000",
        "KAFKA_TRANSACTIONAL_ID, x",
        "KAFKA_MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 6",
        "KAFKA_RETRIES, 0",
        "KAFKA_PARTITIONER_CLASS, x",
        "KAFKA_PARTITIONER_IGNORE_KEYS, true",
        "KAFKA_INTERCEPTOR_CLASSES, x",
        "KAFKA_ALLOW_AUTO_CREATE_TOPICS, true",
        "KAFKA_BOOTSTRAP_CONTROLLERS, kafka:9093",
        "KAFKA_TRANSACTION_TWO_PHASE_COMMIT_ENABLE, true"
    })
    void refuses_to_weaken_a_guarantee_and_says_why(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .hasMessageContaining("1 mistake")
                .hasMessageContaining(name + "=" + value + " (environment)")
                .hasMessageContaining("because");
    }

    @Test
    void takes_the_value_that_is_set_anyway() {
        assertThat(read(Map.of("KAFKA_ACKS", "all", "KAFKA_MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION", "5"))
                        .producer())
                .containsEntry("acks", "all");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_LINGER_MS, soon",
        "KAFKA_LINGER_MS, -1",
        "KAFKA_COMPRESSION_TYPE, best",
        "KAFKA_MAX_POLL_RECORDS, 0",
        "KAFKA_ISOLATION_LEVEL, none",
        "KAFKA_ENABLE_METRICS_PUSH, perhaps",
        "KAFKA_SECURITY_PROTOCOL, SSLL",
        "KAFKA_SASL_LOGIN_CLASS, no.such.Class",
        "KAFKA_BATCH_SIZE, 99999999999",
        "KAFKA_LINGER_MS, ''"
    })
    void refuses_what_a_client_would_refuse(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .hasMessageContaining("1 mistake")
                .hasMessageContaining(name)
                .hasMessageContaining("allowed: what the Kafka clients take for");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_SASL_MECHANISMS, KAFKA_SASL_MECHANISM", "KAFKA_LINGER, KAFKA_LINGER_MS",
        "KAFKA_BOOTSTRAP_SERVER, KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SASL_MECHANISM_FILE, KAFKA_SASL_MECHANISM"
    })
    void reports_a_property_that_no_client_has(String name, String meant) {
        assertThatThrownBy(() -> read(Map.of(name, "x")))
                .hasMessageContaining(name + " (environment)")
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_HOME, x",
        "KAFKA_OPTS, x",
        "KAFKA_HEAP_OPTS, x",
        "KAFKA_LOG4J_OPTS, x",
        "KAFKA_JVM_PERFORMANCE_OPTS, x",
        "KAFKA_GC_LOG_OPTS, x",
        "KAFKA_JMX_PORT, 1",
        "KAFKA_PORT, tcp://10.0.0.1:9092",
        "KAFKA_SERVICE_HOST, 10.0.0.1",
        "KAFKA_PORT_9092_TCP_ADDR, 10.0.0.1",
        "KAFKA_BROKER_SERVICE_PORT, 1",
        "KAFKA_CLUSTER_ID, x",
        "KAFKA_VERSION, 4",
        "KAFKA_BROKER_PORT, tcp://10.0.0.1:1",
        "KAFKA_BROKER_PORT_9092_TCP_PROTO, tcp",
        "KAFKA_GROUP_ID, x"
    })
    void lets_variables_of_others_pass(String name, String value) {
        assertThat(read(Map.of(name, value)).producer()).containsEntry("acks", "all");
    }

    @Test
    void offers_the_setting_for_a_property_under_its_own_name(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("rowrelay.properties"), "linger.ms=5\n");

        assertThatThrownBy(() -> Settings.read(SettingsSource.of(Map.of(), file), TABLE))
                .hasMessageContaining("linger.ms (file " + file + ")")
                .hasMessageContaining("did you mean KAFKA_LINGER_MS?");
    }

    @Test
    void never_shows_a_secret_and_reads_it_from_a_file(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("jaas"), JAAS + "\n");
        Settings settings = Settings.read(
                SettingsSource.of(Map.of(
                        "KAFKA_SECURITY_PROTOCOL", "sasl_plaintext",
                        "KAFKA_SASL_MECHANISM", "PLAIN",
                        "KAFKA_SASL_JAAS_CONFIG_FILE", secret.toString(),
                        "KAFKA_SSL_KEY_PASSWORD", "hunter2")),
                TABLE);

        KafkaClientSettings kafka = KafkaClientSettings.from(settings);

        assertThat(kafka.producer()).containsEntry("sasl.jaas.config", JAAS);
        assertThat(kafka.toString()).doesNotContain("hunter2");
        assertThat(settings.effective()).contains("KAFKA_SSL_KEY_PASSWORD=*** (from environment)");
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    @Test
    void shows_no_password_that_stands_in_the_value_of_another_property() {
        assertThatThrownBy(() -> read(Map.of("KAFKA_METRIC_REPORTERS", "jdbc:postgresql://h/d?password=hunter2")))
                .hasMessageContaining("password=***")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_SECURITY_PROTOCOL=SASL_SSL",
                "KAFKA_SECURITY_PROTOCOL=SASL_SSL|KAFKA_SASL_MECHANISM=PLAIN",
                "KAFKA_SECURITY_PROTOCOL=SASL_SSL|KAFKA_SASL_MECHANISM=PLAIN|KAFKA_SASL_JAAS_CONFIG=hunter2",
                "KAFKA_SECURITY_PROTOCOL=SASL_SSL|KAFKA_SASL_MECHANISM=PLAIN|KAFKA_SASL_JAAS_CONFIG=no.Module required;",
                "KAFKA_SECURITY_PROTOCOL=SSL|KAFKA_SSL_TRUSTSTORE_LOCATION=/nowhere",
                "KAFKA_SECURITY_PROTOCOL=SSL|KAFKA_SSL_TRUSTSTORE_TYPE=PEM|KAFKA_SSL_TRUSTSTORE_CERTIFICATES=hunter2",
                "KAFKA_GROUP_PROTOCOL=consumer|KAFKA_SESSION_TIMEOUT_MS=4000",
                "KAFKA_METRIC_REPORTERS=no.such.Class",
                "KAFKA_PARTITION_ASSIGNMENT_STRATEGY=no.such.Class"
            })
    void refuses_properties_that_do_not_fit_together(String properties) {
        Map<String, String> environment = Arrays.stream(properties.split("\\|"))
                .collect(
                        Collectors.toMap(property -> property.split("=", 2)[0], property -> property.split("=", 2)[1]));

        assertThatThrownBy(() -> read(environment))
                .hasMessageContaining("1 mistake")
                .hasMessageContaining("the Kafka clients refuse these properties")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "kafka:9092, SASL_PLAINTEXT, 1",
        "'localhost:9092, kafka:9092', sasl_plaintext, 1",
        "'localhost:9092, 127.0.0.1:9093', SASL_PLAINTEXT, 0",
        "kafka:9092, SASL_SSL, 0",
        "kafka:9092, PLAINTEXT, 0"
    })
    void warns_of_a_login_that_crosses_the_network_in_the_clear(String servers, String protocol, int warnings) {
        Logger log = (Logger) LoggerFactory.getLogger(KafkaClientSettings.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            read(Map.of(
                            "KAFKA_BOOTSTRAP_SERVERS",
                            servers,
                            "KAFKA_SECURITY_PROTOCOL",
                            protocol,
                            "KAFKA_SASL_MECHANISM",
                            "PLAIN",
                            "KAFKA_SASL_JAAS_CONFIG",
                            JAAS))
                    .warnOfOpenPasswords();
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .hasSize(warnings)
                .allSatisfy(line -> assertThat(line.getFormattedMessage())
                        .contains("SASL_SSL", servers)
                        .doesNotContain("hunter2"));
    }

    private static KafkaClientSettings read(Map<String, String> environment) {
        return KafkaClientSettings.from(Settings.read(SettingsSource.of(environment), TABLE));
    }
}
