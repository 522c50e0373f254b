package io.rowrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9092", "127.0.0.1", "127.9.8.7:5432", "::1", "[::1]", "[::1]:5432"})
    void knows_the_machine_itself(String host) {
        assertThat(Loopback.isAt(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db1",
                "kafka:9092",
                "10.0.0.1:9092",
                "127.0.0.1.example.org",
                "localhost.example.org:1",
                "[fe80::1]:1"
            })
    void takes_all_else_for_another_machine(String host) {
        assertThat(Loopback.isAt(host)).isFalse();
    }
}
