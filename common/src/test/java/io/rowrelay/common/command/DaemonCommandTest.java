package io.rowrelay.common.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import io.rowrelay.common.settings.ProductNames;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.ValueTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DaemonCommandTest {

    private static final Setting<Integer> PORT =
            new Setting<>("HTTP_PORT", "A port to listen on.", "8081", ValueTypes.port());
    private static final Setting<String> PASSWORD =
            new Setting<>("SOURCE_DB_PASSWORD", "A secret.", "cdc", ValueTypes.secretText());
    private static final DaemonDescription DAEMON = new DaemonDescription(
            "producer",
            "Does something.",
            new SettingsTable(
                    List.of(PORT, PASSWORD, LogSettings.LOG_FORMAT, LogSettings.LOG_LEVEL),
                    List.of(),
                    List.of(),
                    ProductNames.NONE));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Integer> ports = new ArrayList<>();

    @Test
    void runs_with_the_settings_of_file_and_environment(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("rowrelay.properties"), "HTTP_PORT=9000\n");

        assertThat(run(Map.of(), "--config", file.toString())).isZero();
        assertThat(run(Map.of("HTTP_PORT", "9001"), "--config=" + file)).isZero();
        assertThat(run(Map.of())).isZero();

        assertThat(ports).containsExactly(9000, 9001, 8081);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void shows_help_with_options_exit_codes_and_pages_and_the_settings_on_demand() {
        assertThat(run(Map.of("HTTP_PORT", "wrong"), "--help")).isZero();

        assertThat(text(out))
                .contains("Usage: rowrelay producer", "Does something.", "--config=FILE", "--version")
                .contains("--help-settings", "Exit codes:", "/health/ready", "/metrics", "Example:")
                .doesNotContain("(default");
        assertThat(text(out).lines()).hasSizeLessThan(40).allMatch(line -> line.length() <= 80);
        out.reset();

        assertThat(run(Map.of("HTTP_PORT", "wrong"), "--help-settings")).isZero();

        assertThat(text(out))
                .contains("HTTP_PORT (default 8081)", "A port to listen on.", "0 is any free one")
                .contains("SOURCE_DB_PASSWORD_FILE");
        assertThat(text(out).lines()).allMatch(line -> line.length() <= 80);
        assertThat(ports).isEmpty();
    }

    @Test
    void shows_the_version() {
        assertThat(run(Map.of(), "--version")).isZero();

        assertThat(text(out)).matches("rowrelay-producer \\d+\\.\\d+\\.\\d+\\S*\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "-x", "argument", "--config", "@file", "--help=yes", "--confi=x", ""})
    void refuses_what_it_does_not_know(String argument) {
        assertThat(run(Map.of(), argument)).isEqualTo(2);

        assertThat(text(err)).startsWith("producer: ").contains("--help").doesNotContain("\tat ", "Exception");
        assertThat(ports).isEmpty();
    }

    @Test
    void refuses_two_files() {
        assertThat(run(Map.of(), "--config", "a", "--config", "b")).isEqualTo(2);
        assertThat(text(err)).contains("--config").doesNotContain("Exception");
    }

    @Test
    void reports_every_mistake_and_does_not_run() {
        int exitCode = run(
                Map.of("HTTP_PORT", "-1", "LOG_LEVEL", "loud", "LOG_FORMAT", "xml", "SOURCE_DB_PASSWORD_FILE", "/gone"),
                "--config",
                "/nowhere/at/all");

        assertThat(exitCode).isEqualTo(2);
        assertThat(text(err))
                .startsWith("producer: 5 mistakes in the configuration:\n")
                .contains("--config=/nowhere/at/all", "HTTP_PORT=-1", "LOG_LEVEL=loud", "LOG_FORMAT=xml", "=/gone")
                .doesNotContain("\tat ", "Exception");
        assertThat(text(out)).isEmpty();
        assertThat(ports).isEmpty();
    }

    @Test
    void lets_no_mistake_steer_the_terminal() {
        run(Map.of(), "--\u001b[2J");
        run(settings -> {
            throw new InvalidSettingsException(
                    new Mistake("here", "HTTP_PORT", "1", "is that of \u001b[2J", "choose another"));
        });

        assertThat(text(err)).contains("--\\u001b[2J", "that of \\u001b[2J").doesNotContain("\u001b");
    }

    @Test
    void gives_a_mistake_found_while_running_the_same_exit_code() {
        int exitCode = run(settings -> {
            throw new InvalidSettingsException(new Mistake("here", "HTTP_PORT", "1", "is taken", "choose another"));
        });

        assertThat(exitCode).isEqualTo(2);
        assertThat(text(err)).contains("HTTP_PORT=1 (here)", "is taken; choose another");
    }

    @Test
    void ends_with_1_when_the_daemon_cannot_go_on() {
        assertThat(run(settings -> {
                    throw new IllegalStateException("broken");
                }))
                .isEqualTo(1);
        assertThat(run(settings -> {
                    throw new StackOverflowError();
                }))
                .isEqualTo(1);
    }

    @Test
    void ends_with_1_when_it_is_interrupted() {
        assertThat(run(settings -> {
                    throw new InterruptedException();
                }))
                .isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    private int run(Map<String, String> environment, String... arguments) {
        return run(
                settings -> {
                    ports.add(settings.get(PORT));
                    return 0;
                },
                environment,
                arguments);
    }

    private int run(DaemonCommand.Body body) {
        return run(body, Map.of());
    }

    private int run(DaemonCommand.Body body, Map<String, String> environment, String... arguments) {
        return new DaemonCommand(DAEMON, body).execute(environment, printer(out), printer(err), arguments);
    }

    private static PrintStream printer(ByteArrayOutputStream target) {
        return new PrintStream(target, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream target) {
        return target.toString(StandardCharsets.UTF_8);
    }
}
