package io.rowrelay.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
    @Test
    void leaves_what_people_read_as_it_is() {
        assertThat(PrintableText.line("Ünïcode \t 日本 \ud83d\ude00 \\ \"quoted\""))
                .isEqualTo("Ünïcode \t 日本 \ud83d\ude00 \\ \"quoted\"");
    }

    @Test
    void shows_what_would_steer_a_terminal_or_begin_a_line() {
        assertThat(PrintableText.line("a\u001b[2J\u009b1m\r\n\u202e\u2028\u2029\u200b\ufeff\u007fb"))
                .isEqualTo("a\\u001b[2J\\u009b1m\\u000d\\u000a\\u202e\\u2028\\u2029\\u200b\\ufeff\\u007fb");
    }

    @Test
    void keeps_the_lines_of_a_text_of_many() {
        assertThat(PrintableText.lines("a\u0007\nb\n").lines()).containsExactly("a\\u0007", "b");
    }
}
