package io.rowrelay.admin.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    /** As a key, a client id or the name of a table can be: it clears the screen, and says that all is well. */
    private static final String HOSTILE = "k\u001b[2J\u009b31m\u202e\nproblems=0";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(print(out), print(err));

    @Test
    void lets_no_text_of_others_steer_the_terminal_or_begin_a_line() {
        console.say(HOSTILE);
        console.redraw(List.of("first", HOSTILE));
        try (Console.Progress progress = console.progress("verify " + HOSTILE, 3, "rows")) {
            progress.say(HOSTILE);
            progress.waiting(HOSTILE);
            progress.step(1);
        }

        assertThat(text(out))
                .contains("k\\u001b[2J\\u009b31m\\u202e\\u000aproblems=0", "waiting: k\\u001b")
                .doesNotContain("\u001b[2J", "\u009b", "\u202e");
        assertThat(text(out).lines()).noneMatch(line -> line.startsWith("problems"));
    }

    @Test
    void keeps_the_lines_of_statements_and_complaints() {
        console.sayAll("SELECT 1\nFROM \"t\u001b\";");
        console.complain("no\nway\u001b[2J");

        assertThat(text(out).lines()).containsExactly("SELECT 1", "FROM \"t\\u001b\";");
        assertThat(text(err).lines()).containsExactly("no", "way\\u001b[2J");
    }

    @Test
    void asks_about_what_others_have_named() {
        InputStream before = System.in;
        System.setIn(InputStream.nullInputStream());
        try {
            assertThatThrownBy(() -> console.confirm(HOSTILE)).isInstanceOf(CommandFailedException.class);
        } finally {
            System.setIn(before);
        }

        assertThat(text(out)).startsWith("k\\u001b").doesNotContain("\u001b");
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }
}
