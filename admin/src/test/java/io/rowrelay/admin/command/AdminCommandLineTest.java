package io.rowrelay.admin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.ProductNames;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.stream.settings.StreamSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class AdminCommandLineTest {
    private static final Setting<Integer> COUNT = new Setting<>("COUNT", "A count.", "3", ValueTypes.wholeNumber(1, 9));
    private static final Setting<Integer> SIZE = new Setting<>("SIZE", "A size.", "3", ValueTypes.wholeNumber(1, 9));
    private static final Setting<String> NAME = new Setting<>("NAME", "A name.", "none", ValueTypes.text());
    private static final Setting<String> PLACE = new Setting<>("PLACE", "A place.", "here", ValueTypes.text());
    private static final SettingsTable TABLE = new SettingsTable(
            Stream.concat(Stream.of(COUNT, SIZE, NAME, PLACE), LogSettings.ALL.stream())
                    .toList(),
            List.of(),
            List.of(),
            ProductNames.NONE);

    private static final SettingsTable WITH_STREAM = new SettingsTable(
            Stream.concat(Stream.of(StreamSettings.STREAM), LogSettings.ALL.stream())
                    .toList(),
            List.of(),
            List.of(),
            ProductNames.NONE);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> asked = new ArrayList<>();
    private final AdminCommandLine command = new AdminCommandLine(
            List.of(
                    new Works(),
                    new TakesWords(),
                    new Refuses(),
                    new MeetsAnOutage(),
                    new KnowsItsStream(),
                    new Breaks(),
                    new SomeWork()),
            Map.of("some", "Everything done to some."));

    @Command(name = "works", description = "Does what it can.")
    private final class Works extends AdminCommand {
        @Option(names = "--flag", description = "A flag.")
        private boolean flag;

        @Option(names = "--text", paramLabel = "TEXT", description = "A text.")
        private Optional<String> text = Optional.empty();

        @Mixin
        private WriteOptions write = new WriteOptions();

        @Override
        protected SettingsTable table() {
            return TABLE;
        }

        @Override
        protected Outcome run(Settings settings, Console console) {
            asked.add(flag + " " + text + " " + write.chunk());
            console.say("count " + settings.get(COUNT));
            return Outcome.NOT_EQUAL;
        }
    }

    @Command(name = "takes-words", description = "Takes words.")
    private final class TakesWords extends AdminCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "A name.")
        private String name = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "PLACE", description = "A place.")
        private Optional<String> place = Optional.empty();

        @Override
        protected SettingsTable table() {
            return TABLE;
        }

        @Override
        protected Map<String, String> words() {
            Map<String, String> words = new HashMap<>(Map.of(NAME.name(), name));
            place.ifPresent(word -> words.put(PLACE.name(), word));
            return words;
        }

        @Override
        protected Outcome run(Settings settings, Console console) {
            asked.add(settings.get(NAME) + " " + settings.get(PLACE));
            return Outcome.DONE;
        }
    }

    @Command(name = "refuses", description = "Never does it.")
    private static final class Refuses extends AdminCommand {
        @Override
        protected Outcome run(Settings settings, Console console) {
            throw new CommandFailedException("no, because");
        }
    }

    @Command(name = "meets-an-outage", description = "Cannot.")
    private static final class MeetsAnOutage extends AdminCommand {
        @Override
        protected Outcome run(Settings settings, Console console) throws OutageException {
            throw new OutageException("no route", null);
        }
    }

    @Command(name = "knows-its-stream", description = "Does it for one.")
    private final class KnowsItsStream extends StreamCommand {
        @Override
        protected SettingsTable table() {
            return WITH_STREAM;
        }

        @Override
        protected Outcome run(Settings settings, Console console) {
            asked.add(settings.get(StreamSettings.STREAM));
            return Outcome.DONE;
        }
    }

    @Command(name = "breaks", description = "Was written badly.")
    private static final class Breaks extends AdminCommand {
        @Override
        protected Outcome run(Settings settings, Console console) {
            throw new IllegalStateException("surprise");
        }
    }

    @Command(name = "some work", description = "Works on some.")
    private final class SomeWork extends AdminCommand {
        @Parameters(arity = "0..*", paramLabel = "ID", description = "Which.")
        private List<String> ids = List.of();

        @Option(names = "--flag", description = "A flag.")
        private boolean flag;

        @Override
        protected Outcome run(Settings settings, Console console) {
            asked.add(flag + " " + ids);
            return Outcome.DONE;
        }
    }

    @Test
    void runs_the_command_with_its_settings_and_options() {
        assertThat(execute(Map.of("COUNT", "5"), "works", "--flag", "--chunk", "7", "--text", "some"))
                .isEqualTo(Outcome.NOT_EQUAL);

        assertThat(asked).containsExactly("true Optional[some] 7");
        assertThat(text(out)).contains("count 5");
    }

    @Test
    void runs_a_command_of_a_group_with_what_it_is_to_work_on() {
        assertThat(execute(Map.of(), "some", "work", "0:1", "--flag", "1:2")).isEqualTo(Outcome.DONE);
        assertThat(execute(Map.of(), "some", "work")).isEqualTo(Outcome.DONE);

        assertThat(asked).containsExactly("true [0:1, 1:2]", "false []");
    }

    @Test
    void has_defaults_for_every_option() {
        execute(Map.of(), "works");

        assertThat(asked).containsExactly("false Optional.empty 1000");
    }

    @Test
    void takes_a_word_for_the_setting_it_stands_for_before_the_environment() {
        assertThat(execute(Map.of("NAME", "x", "PLACE", "there"), "takes-words", "y"))
                .isEqualTo(Outcome.DONE);
        assertThat(execute(Map.of(), "takes-words", "y", "elsewhere")).isEqualTo(Outcome.DONE);

        assertThat(asked).containsExactly("y there", "y elsewhere");
    }

    @Test
    void takes_the_stream_from_the_configuration_or_else_from_the_command_line() {
        execute(Map.of("STREAM", "orders"), "knows-its-stream");
        execute(Map.of("STREAM", "orders"), "knows-its-stream", "orders");
        execute(Map.of(), "knows-its-stream", "orders");

        assertThat(asked).containsExactly("orders", "orders", "orders");
    }

    @Test
    void refuses_the_name_of_another_stream_than_the_configured_one() {
        assertThat(execute(Map.of("STREAM", "orders"), "knows-its-stream", "customers"))
                .isEqualTo(Outcome.WRONG_CONFIGURATION);

        assertThat(text(err)).contains("the configuration is that of stream orders, not of customers");
        assertThat(asked).isEmpty();
    }

    @Test
    void reports_every_mistake_of_the_configuration_and_does_nothing() {
        assertThat(execute(Map.of("COUNT", "0", "SIZE", "many"), "works")).isEqualTo(Outcome.WRONG_CONFIGURATION);

        assertThat(text(err)).contains("2 mistakes", "COUNT=0", "SIZE=many", "Try --help.");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "works --nonsense",
                "works --chunk 0",
                "works --chunk 10001",
                "works --chunk x",
                "works surplus",
                "takes-words",
                "takes-words one two three",
                "some",
                "some nonsense",
                "some --flag"
            })
    void refuses_a_wrong_command_line(String line) {
        assertThat(execute(Map.of(), line.isEmpty() ? new String[0] : line.split(" ", -1)))
                .isEqualTo(Outcome.WRONG_CONFIGURATION);

        assertThat(text(err)).isNotEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void tells_why_a_command_failed_and_shows_a_trace_only_where_nobody_foresaw_it() {
        assertThat(execute(Map.of(), "refuses")).isEqualTo(Outcome.FAILED);
        assertThat(text(err)).isEqualToIgnoringNewLines("refuses: no, because");
        err.reset();
        assertThat(execute(Map.of(), "meets-an-outage")).isEqualTo(Outcome.FAILED);
        assertThat(text(err)).isEqualToIgnoringNewLines("meets-an-outage: no route");
        assertThat(execute(Map.of(), "breaks")).isEqualTo(Outcome.FAILED);
        assertThat(text(err)).contains("surprise", "\tat ");
    }

    @Test
    void explains_itself() {
        assertThat(execute(Map.of(), "--help")).isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("works", "Does what it can.", "Exit codes:", "  3   ");
        out.reset();
        assertThat(execute(Map.of(), "works", "--help")).isEqualTo(Outcome.DONE);
        assertThat(text(out))
                .contains("--chunk", "--help-settings", "Exit codes:")
                .containsSubsequence(
                        "%n      --flag".formatted(), "%n      --text".formatted(), "%n  -c, --config".formatted())
                .doesNotContain("COUNT (default 3)");
        assertThat(text(out).lines()).allMatch(line -> line.length() <= 80);
        out.reset();
        assertThat(execute(Map.of(), "some", "--help")).isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("Everything done to some.", "work", "Works on some.");
        out.reset();
        assertThat(execute(Map.of(), "some", "work", "--help")).isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("Usage: rowrelay some work", "--flag");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help works", "-h takes-words x", "some --help work", "--help completion"})
    void explains_itself_and_runs_nothing_where_help_is_asked_for_before_the_command(String line) {
        assertThat(execute(Map.of(), line.split(" "))).isEqualTo(Outcome.DONE);

        assertThat(text(out)).startsWith("Usage:").contains("Commands:");
        assertThat(asked).isEmpty();
    }

    @Test
    void shows_the_settings_of_a_command_on_demand_and_needs_no_word_for_it() {
        assertThat(execute(Map.of("COUNT", "wrong"), "takes-words", "--help-settings"))
                .isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("COUNT (default 3)", "A count.").doesNotContain("Usage:");
        out.reset();
        assertThat(execute(Map.of(), "knows-its-stream", "--help-settings")).isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("STREAM (default").doesNotContain("COUNT");
        out.reset();
        assertThat(execute(Map.of(), "--help-settings")).isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("COUNT (default 3)");
        assertThat(asked).isEmpty();
    }

    @Test
    void prints_a_completion_that_knows_every_command_and_option() {
        assertThat(execute(Map.of("COUNT", "wrong"), "completion")).isEqualTo(Outcome.DONE);
        assertThat(text(out))
                .startsWith("#!")
                .contains("complete -F _complete_rowrelay -o default rowrelay", "takes-words", "--chunk", "producer");
        out.reset();
        assertThat(execute(Map.of(), "completion", "--help")).isEqualTo(Outcome.DONE);
        assertThat(text(out)).contains("source <(rowrelay completion)").doesNotContain("Exit codes:");
    }

    private Outcome execute(Map<String, String> environment, String... arguments) {
        return command.execute(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
