package io.rowrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueTypesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "8081, 8081", "65535, 65535", "' 80 ', 80"})
    void takes_a_port(String text, int port) {
        assertThat(ValueTypes.port().parse(text)).contains(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "65536", "80a", "8 0", "0x50", "+80", "tcp://10.0.0.1:80", "99999999999999999999"})
    void refuses_what_is_no_port(String text) {
        assertThat(ValueTypes.port().parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9092",
                "kafka-1:9092,kafka-2:9093",
                "10.0.0.1:1",
                "[::1]:9092",
                "a:1, b:2",
                "kafka.svc.:9092"
            })
    void takes_hosts_and_ports(String text) {
        assertThat(ValueTypes.hostsAndPorts().parse(text)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:",
                ":9092",
                "localhost:0",
                "localhost:65536",
                "localhost:9092,",
                ",",
                "SSL://host:1",
                "a b:1",
                "host:port",
                "::1:9092",
                "host:9092/path",
                "-:1"
            })
    void refuses_what_is_no_host_and_port(String text) {
        assertThat(ValueTypes.hostsAndPorts().parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "ä", "a/b", "a:b"})
    void refuses_what_is_no_topic(String text) {
        assertThat(ValueTypes.topic().parse(text)).isEmpty();
    }

    @Test
    void refuses_a_topic_name_that_is_too_long() {
        assertThat(ValueTypes.topic().parse("t".repeat(249))).isPresent();
        assertThat(ValueTypes.topic().parse("t".repeat(250))).isEmpty();
    }

    @Test
    void refuses_times_out_of_range() {
        ValueType<Duration> type = ValueTypes.duration(Duration.ofMillis(1), Duration.ofSeconds(10));

        assertThat(type.parse("10s")).contains(Duration.ofSeconds(10));
        assertThat(type.parse("11s")).isEmpty();
        assertThat(type.parse("-1s")).isEmpty();
        assertThat(type.parse("0s")).isEmpty();
        assertThat(type.allowed()).contains("from 1ms to 10s");
    }

    @Test
    void keeps_white_space_only_in_a_secret() {
        assertThat(ValueTypes.text().parse(" cdc ")).contains("cdc");
        assertThat(ValueTypes.secretText().parse(" cdc ")).contains(" cdc ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nb", "a\u0000b"})
    void refuses_text_that_is_blank_or_not_one_line(String text) {
        assertThat(ValueTypes.text().parse(text)).isEmpty();
    }

    @Test
    void takes_only_a_file_that_can_be_read(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("schema.json"));

        assertThat(ValueTypes.readableFile().parse(file.toString())).contains(file);
        assertThat(ValueTypes.readableFile().parse(directory.toString())).isEmpty();
        assertThat(ValueTypes.readableFile().parse(file + ".gone")).isEmpty();
        assertThat(ValueTypes.readableFile().parse("a\u0000b")).isEmpty();
        assertThat(ValueTypes.readableFile().parse("")).isEmpty();
    }
}
