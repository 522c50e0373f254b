package io.rowrelay.admin.command;

import io.rowrelay.common.command.SettingsReference;
import io.rowrelay.common.command.Version;
import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.logging.Logging;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.stream.settings.StreamSettings;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The tool's command line: finds the command, reads its options and the configuration, and turns the way it ended into an
 * exit code. Never ends the process itself.
 */
public final class AdminCommandLine {
    private static final Logger LOG = LoggerFactory.getLogger(AdminCommandLine.class);
    private static final String CONFIG = "--config";
    private static final String COMPLETION = "completion";

    private final Map<String, AdminCommand> commands = new LinkedHashMap<>();
    private final CommandLine commandLine;

    /**
     * A command whose name has two words belongs to the group that the first one names; {@code groups} says what each is for.
     */
    public AdminCommandLine(List<AdminCommand> commands, Map<String, String> groups) {
        CommandSpec root = described(
                CommandSpec.create().name(Programs.NAME),
                "Shows the state of streams, finds problems, and repairs what the daemons cannot repair by themselves."
                        + " The daemons: " + Programs.PRODUCER + " --help, " + Programs.CONSUMER + " --help.");
        addHelp(root);
        new TreeMap<>(groups)
                .forEach((name, duty) -> root.addSubcommand(name, addHelp(described(CommandSpec.create(), duty))));
        commands.forEach(command -> add(root, command));
        root.addSubcommand(COMPLETION, completion());
        this.commandLine = new CommandLine(root).setExpandAtFiles(false);
    }

    private void add(CommandSpec root, AdminCommand command) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        String name = spec.name();
        commands.put(name, command);
        // Its own options first: a user who asks for help looks for them.
        described(spec, spec.usageMessage().description())
                .addOption(CommandTimeout.option())
                .addOption(config())
                .addOption(settings());
        int space = name.indexOf(' ');
        CommandSpec parent = space < 0
                ? root
                : Objects.requireNonNull(root.subcommands().get(name.substring(0, space)), "no such group")
                        .getCommandSpec();
        String last = name.substring(space + 1);
        parent.addSubcommand(last, addHelp(spec.name(last)));
    }

    private static OptionSpec config() {
        return OptionSpec.builder("-c", CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("Properties file with settings. The environment overrides it.")
                .build();
    }

    private static OptionSpec settings() {
        return OptionSpec.builder(SettingsReference.OPTION)
                .description("Show every setting with its default and what is allowed.")
                .build();
    }

    /** The daemons have the same first word, though it is the launcher that starts them. */
    private CommandLine withDaemons() {
        for (String daemon : List.of(Programs.PRODUCER, Programs.CONSUMER)) {
            commandLine.addSubcommand(
                    daemon.substring(Programs.command("").length()),
                    addHelp(CommandSpec.create().addOption(config()).addOption(settings())));
        }
        return commandLine;
    }

    private static CommandSpec described(CommandSpec spec, String... duty) {
        spec.usageMessage().width(80).sortOptions(false).description(duty).footer(exitCodes());
        return spec;
    }

    private static CommandSpec completion() {
        CommandSpec spec = described(
                CommandSpec.create(),
                "Prints the completion of these commands for bash and zsh:%n  source <(" + Programs.command(COMPLETION)
                        + ")");
        spec.usageMessage().footer(new String[0]);
        return addHelp(spec);
    }

    private static CommandSpec addHelp(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this text.")
                .build());
        return spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version.")
                .build());
    }

    private static String exitCodes() {
        return Arrays.stream(Outcome.values())
                .map(outcome -> "%n  %d   %s".formatted(outcome.exitCode(), outcome.meaning()))
                .collect(Collectors.joining("", "%nExit codes:".formatted(), ""));
    }

    /** Runs with the process's standard output and error. */
    public int execute(Map<String, String> environment, String... arguments) {
        return execute(environment, System.out, System.err, arguments).exitCode();
    }

    Outcome execute(Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
        Console console = new Console(out, err);
        try {
            List<String> typed = List.of(arguments);
            if (typed.contains(SettingsReference.OPTION)) {
                return showSettings(console, typed);
            }
            ParseResult given = commandLine.parseArgs(arguments);
            if (given.isVersionHelpRequested()) {
                console.say(Programs.NAME + " " + Version.current());
                return Outcome.DONE;
            }
            return run(environment, console, given);
        } catch (ParameterException wrong) {
            console.complain(Programs.NAME + ": " + wrong.getMessage());
        } catch (InvalidSettingsException wrong) {
            console.complain(Programs.NAME + ": " + wrong.getMessage());
        }
        console.complain("Try --help.");
        return Outcome.WRONG_CONFIGURATION;
    }

    /** Like help, it works whatever else is typed: a word that a command needs may be missing. */
    private Outcome showSettings(Console console, List<String> typed) {
        AdminCommand command = commands.entrySet().stream()
                .filter(each -> typed.containsAll(List.of(each.getKey().split(" "))))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> commands.values().iterator().next());
        console.sayAll(SettingsReference.settings(command.table()));
        return Outcome.DONE;
    }

    private Outcome run(Map<String, String> environment, Console console, ParseResult typed) {
        ParseResult given = typed;
        StringBuilder words = new StringBuilder();
        // Help that is asked for before a command's name is that of what stands before it.
        while (given.hasSubcommand() && !given.isUsageHelpRequested()) {
            given = given.subcommand();
            words.append(words.isEmpty() ? "" : " ").append(given.commandSpec().name());
        }
        String name = words.toString();
        AdminCommand command = commands.get(name);
        if (given.isUsageHelpRequested()) {
            console.sayAll(given.commandSpec().commandLine().getUsageMessage(Ansi.OFF));
        } else if (name.equals(COMPLETION)) {
            // Not one of the commands: it needs no settings, and knows all of them.
            console.sayAll(AutoComplete.bash(Programs.NAME, withDaemons()));
        } else if (command != null) {
            return run(name, command, read(command, environment, given), console);
        } else {
            console.complain(given.commandSpec().commandLine().getUsageMessage(Ansi.OFF));
            return Outcome.WRONG_CONFIGURATION;
        }
        return Outcome.DONE;
    }

    private static Settings read(AdminCommand command, Map<String, String> environment, ParseResult given) {
        Optional<String> file = Optional.ofNullable(given.matchedOptionValue(CONFIG, null));
        Map<String, String> words = new HashMap<>(command.words());
        Optional.ofNullable(given.<String>matchedOptionValue(CommandTimeout.OPTION, null))
                .ifPresent(time -> words.put(CommandTimeout.SETTING.name(), time));
        Optional<String> stream = command.stream();
        Map<String, String> named =
                stream.map(name -> Map.of(StreamSettings.STREAM.name(), name)).orElse(Map.of());
        Settings settings =
                Settings.read(SettingsSource.of(environment, file).typed(words).orTyped(named), command.table());
        stream.ifPresent(name -> refuseAnother(name, settings.get(StreamSettings.STREAM), given.commandSpec()));
        return settings;
    }

    /** With the tables of one stream and the name of another, a command would take the checkpoint of the wrong one. */
    private static void refuseAnother(String typed, String configured, CommandSpec command) {
        if (!typed.equals(configured)) {
            throw new ParameterException(
                    command.commandLine(),
                    "the configuration is that of stream " + configured + ", not of " + typed + ": give that of "
                            + typed + ", in the environment or with --config");
        }
    }

    private static Outcome run(String name, AdminCommand command, Settings settings, Console console) {
        Logging.configureBesideResult(LogSettings.from(settings));
        try {
            return command.run(settings, console);
        } catch (InvalidSettingsException | ParameterException wrong) {
            throw wrong;
        } catch (CommandFailedException | OutageException failure) {
            console.complain(name + ": " + failure.getMessage());
            LOG.debug("cause", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            console.complain(name + ": was interrupted");
        } catch (Throwable failure) {
            console.complain(name + ": failed in a way that was not foreseen");
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            console.complain(trace.toString());
        }
        return Outcome.FAILED;
    }
}
