package io.rowrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "20ms, PT0.02S",
        "5s, PT5S",
        "15m, PT15M",
        "24h, PT24H",
        "30d, PT720H",
        "0s, PT0S",
        "PT20M, PT20M",
        "P30D, PT720H",
        "5 s, PT5S",
        "-5ms, PT-0.005S"
    })
    void reads_what_people_write(String text, Duration expected) {
        assertThat(Durations.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "20",
                "ms",
                "20 msec",
                "1w",
                "1.5s",
                "five",
                "20MS",
                "999999999999999999d",
                "P1Y",
                "--5s",
                "9999999999999999999ms",
                "٢s",
                "PT99999999999999999999S",
                "null",
                "1s2s"
            })
    void refuses_what_is_no_duration(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0.02S, 20ms", "PT1M, 1m", "PT90S, 90s", "PT24H, 1d", "PT0S, 0s", "PT25H, 25h"})
    void writes_the_largest_whole_unit(Duration duration, String expected) {
        assertThat(Durations.format(duration)).isEqualTo(expected);
    }
}
