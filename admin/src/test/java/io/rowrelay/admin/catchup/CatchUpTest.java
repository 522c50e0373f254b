package io.rowrelay.admin.catchup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.admin.catchup.StreamProgress.Seen;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.SteppedClock;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    private final SteppedClock clock = new SteppedClock();

    @Test
    void ends_at_once_where_everything_has_passed() throws Exception {
        await(() -> new Seen(true, ""));

        assertThat(clock.now()).isZero();
    }

    @Test
    void waits_for_as_long_as_the_daemon_moves() throws Exception {
        Duration end = Duration.ofMinutes(10);

        await(() -> new Seen(clock.now().compareTo(end) >= 0, "" + clock.now().toSeconds() / 50));

        assertThat(clock.now()).isEqualTo(end);
    }

    @Test
    void gives_up_on_a_daemon_that_has_not_moved_for_a_minute() {
        assertThatThrownBy(() -> await(() -> new Seen(false, "still")))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("waited for the daemon");
        assertThat(clock.now()).isEqualTo(Duration.ofMinutes(1));
    }

    private void await(CatchUp.Look look) throws Exception {
        try (Progress progress = new Console(NOWHERE, NOWHERE).progress("rows", 0, "rows")) {
            CatchUp.await(look, "the daemon", progress, clock);
        }
    }
}
