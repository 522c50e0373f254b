package io.rowrelay.admin.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.text.PrintableText;
import io.rowrelay.stream.record.DeadLetterNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void guesses_the_reason_of_letters_that_do_not_say_it_in_short() {
        assertThat(letter(DeadLetterNames.MESSAGE, "DESTINATION: ERROR: \"7\" is bad (SQLSTATE 22008)")
                        .reason())
                .isEqualTo("DESTINATION (SQLSTATE 22008)");
        assertThat(letter(DeadLetterNames.MESSAGE, "NOT_JSON: Unexpected character")
                        .reason())
                .isEqualTo("NOT_JSON");
        assertThat(letter(DeadLetterNames.EXCEPTION, "org.example.SomeException")
                        .reason())
                .isEqualTo("SomeException");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "-1, 0", "x, 0", "99999999999, 0", "'', 0"})
    void counts_no_replays_where_the_header_is_no_count(String header, int replays) {
        assertThat(letter(DeadLetterNames.REPLAYS, header).replays()).isEqualTo(replays);
    }

    @Test
    void lets_no_control_character_out() {
        assertThat(PrintableText.line("a\u001b[2J\u202e\nb")).isEqualTo("a\\u001b[2J\\u202e\\u000ab");
        assertThat(Texts.shown(new byte[] {(byte) 0xff, 0})).isEqualTo("0xff00");
    }

    @ParameterizedTest
    @CsvSource({
        "2h, 2026-11-22T08:00:00Z",
        "2026-11-21, 2026-11-21T00:00:00Z",
        "2026-11-22T10:00:00+02:00, 2026-11-22T08:00:00Z"
    })
    void takes_times_and_how_long_ago(String text, Instant expected) {
        assertThat(DeadLetterFilter.time(text, NOW)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2h ago", "2026-13-01", ""})
    void refuses_other_times(String text) {
        assertThat(DeadLetterFilter.time(text, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "0:", ":1", "0:-1", "0:1:2", "9999999999:1"})
    void refuses_what_is_no_id(String text) {
        assertThat(DeadLetterId.parse(text)).isEmpty();
    }

    private static DeadLetter letter(String name, String header) {
        return new DeadLetter(
                new DeadLetterId(0, 0),
                NOW,
                null,
                null,
                List.of(new DeadLetter.Header(name, header.getBytes(StandardCharsets.UTF_8))));
    }
}
