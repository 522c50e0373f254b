package io.rowrelay.producer.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ChangeRowsIT holds it against the server; here is what the server of the tests does not say. */
class JsonTimestampTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-27 07:00:00+00, 2026-11-27T07:00:00+00:00",
        "2026-11-27 07:00:00.123456+00, 2026-11-27T07:00:00.123456+00:00",
        "0001-01-01 00:00:00+00 BC, 0001-01-01T00:00:00+00:00 BC",
        "infinity, infinity",
        "-infinity, -infinity"
    })
    void is_what_to_json_would_print(String text, String json) {
        byte[] given = text.getBytes(StandardCharsets.US_ASCII);

        assertThat(JsonTimestamp.of(given)).asString(StandardCharsets.US_ASCII).isEqualTo(json);
        assertThat(given)
                .as("handed through")
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(text);
    }

    @Test
    void none_stays_none() {
        assertThat(JsonTimestamp.of(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-27 07:00:00-05",
                "2026-11-27 07:00:00+05",
                "2026-11-27 07:00:00+00:30",
                "2026-11-27 07:00:00",
                "2026-11-27 07:00:00+0"
            })
    void another_time_zone_is_refused(String text) {
        assertThatThrownBy(() -> JsonTimestamp.of(text.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no time in UTC: " + text);
    }
}
