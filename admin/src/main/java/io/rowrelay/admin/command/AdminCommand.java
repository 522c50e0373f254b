package io.rowrelay.admin.command;

import io.rowrelay.common.command.SettingsReference;
import io.rowrelay.common.command.Version;
import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.logging.Logging;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.StreamSettings;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line of admin.jar: finds the command, reads its options and the configuration, and turns the way it ended into
 * an exit code. Never ends the process itself.
 */
public final class AdminCommand {
    private static final String NAME = "admin";
    private static final String CONFIG = "--config";
    private static final String COMPLETION = "completion";
    /** A shell completes commands by their first word, so that must not be java. */
    private static final String COMPLETED = "rowrelay-admin";

    private final List<Verb> verbs;
    private final CommandLine commandLine;

    /** Commands whose name has one word. */
    public AdminCommand(List<Verb> verbs) {
        this(verbs, Map.of());
    }

    /** A command whose name has two words belongs to the group that the first one names; {@code groups} says what each is for. */
    public AdminCommand(List<Verb> verbs, Map<String, String> groups) {
        this.verbs = List.copyOf(verbs);
        CommandSpec spec = CommandSpec.create().name("java -jar admin.jar");
        spec.usageMessage()
                .width(80)
                .sortOptions(false)
                .description(
                        "Shows how streams are, finds what is wrong, and mends what the daemons cannot mend by themselves.");
        spec.usageMessage().footer(exitCodes());
        addHelp(spec);
        new TreeMap<>(groups).forEach((name, duty) -> spec.addSubcommand(name, group(duty)));
        verbs.forEach(verb -> add(spec, verb));
        spec.addSubcommand(COMPLETION, completion());
        this.commandLine = new CommandLine(spec).setExpandAtFiles(false);
    }

    /** Runs with the process's standard output and error. */
    public int execute(Map<String, String> environment, String... arguments) {
        return execute(environment, System.out, System.err, arguments).exitCode();
    }

    Outcome execute(Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
        try {
            List<String> typed = List.of(arguments);
            if (typed.contains(SettingsReference.OPTION)) {
                return showSettings(out, typed);
            }
            ParseResult given = commandLine.parseArgs(arguments);
            if (given.isVersionHelpRequested()) {
                out.println("rowrelay-admin " + Version.current());
                return Outcome.DONE;
            }
            if (given.isUsageHelpRequested()) {
                out.print(commandLine.getUsageMessage(Ansi.OFF));
                return Outcome.DONE;
            }
            return run(environment, out, err, given);
        } catch (ParameterException wrong) {
            err.println(NAME + ": " + wrong.getMessage());
        } catch (InvalidSettingsException wrong) {
            err.println(NAME + ": " + wrong.getMessage());
        }
        err.println("Try --help.");
        return Outcome.WRONG_CONFIGURATION;
    }

    /** As help does, whatever else is typed: a word that a command needs may be missing. */
    private Outcome showSettings(PrintStream out, List<String> typed) {
        SettingsTable table = verbs.stream()
                .filter(verb -> typed.containsAll(List.of(verb.name().split(" "))))
                .findFirst()
                .orElse(verbs.get(0))
                .table();
        out.print(SettingsReference.settings(table));
        return Outcome.DONE;
    }

    /** Not one of the verbs: it needs no settings, and knows all of them. */
    private Outcome complete(ParseResult given, PrintStream out) {
        out.print(
                given.isUsageHelpRequested()
                        ? given.commandSpec().commandLine().getUsageMessage(Ansi.OFF)
                        : AutoComplete.bash(COMPLETED, commandLine));
        return Outcome.DONE;
    }

    private Outcome run(Map<String, String> environment, PrintStream out, PrintStream err, ParseResult typed) {
        ParseResult given = typed;
        StringJoiner name = new StringJoiner(" ");
        while (given.hasSubcommand()) {
            given = given.subcommand();
            name.add(given.commandSpec().name());
        }
        if (name.toString().equals(COMPLETION)) {
            return complete(given, out);
        }
        Optional<Verb> verb = verbs.stream()
                .filter(each -> each.name().equals(name.toString()))
                .findFirst();
        if (verb.isPresent()) {
            return run(verb.get(), environment, out, err, given);
        }
        (given.isUsageHelpRequested() ? out : err)
                .print(given.commandSpec().commandLine().getUsageMessage(Ansi.OFF));
        return given.isUsageHelpRequested() ? Outcome.DONE : Outcome.WRONG_CONFIGURATION;
    }

    private static Outcome run(
            Verb verb, Map<String, String> environment, PrintStream out, PrintStream err, ParseResult given) {
        if (given.isUsageHelpRequested()) {
            out.print(given.commandSpec().commandLine().getUsageMessage(Ansi.OFF));
            return Outcome.DONE;
        }
        Optional<String> file = Optional.ofNullable(given.matchedOptionValue(CONFIG, null));
        Map<String, String> words = words(verb, given);
        Optional.ofNullable(given.<String>matchedOptionValue(CommandTimeout.OPTION, null))
                .ifPresent(time -> words.put(CommandTimeout.SETTING.name(), time));
        Optional<String> stream = Optional.ofNullable(words.remove(StreamSettings.STREAM.name()));
        Settings settings =
                Settings.read(SettingsSource.of(environment, file).typed(words).orStream(stream), verb.table());
        Arguments arguments = new Arguments(given);
        stream.ifPresent(name -> refuseAnother(name, settings.get(StreamSettings.STREAM), arguments));
        Logging.configureBesideResult(LogSettings.from(settings));
        return run(verb, settings, arguments, new Console(out, err), err);
    }

    /** With the tables of one stream and the name of another, a command would take the checkpoint of the wrong one. */
    private static void refuseAnother(String typed, String configured, Arguments arguments) {
        if (!typed.equals(configured)) {
            throw arguments.wrong("the configuration is that of stream " + configured + ", not of " + typed
                    + ": give that of " + typed + ", in the environment or with --config");
        }
    }

    /** What was typed, by the settings that it stands for. */
    private static Map<String, String> words(Verb verb, ParseResult given) {
        Map<String, String> typed = new HashMap<>();
        for (int place = 0; place < verb.positionals().size(); place++) {
            String word = given.matchedPositionalValue(place, null);
            if (word != null) {
                typed.put(verb.positionals().get(place).setting().name(), word);
            }
        }
        return typed;
    }

    private static Outcome run(Verb verb, Settings settings, Arguments arguments, Console console, PrintStream err) {
        try {
            return verb.body().run(settings, arguments, console);
        } catch (InvalidSettingsException | ParameterException wrong) {
            throw wrong;
        } catch (CommandFailedException | OutageException failure) {
            err.println(verb.name() + ": " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            err.println(verb.name() + ": was interrupted");
        } catch (Throwable failure) {
            err.println(verb.name() + ": failed in a way that was not foreseen");
            failure.printStackTrace(err);
        }
        return Outcome.FAILED;
    }

    private static void add(CommandSpec root, Verb verb) {
        int space = verb.name().indexOf(' ');
        CommandSpec parent = space < 0
                ? root
                : Objects.requireNonNull(root.subcommands().get(verb.name().substring(0, space)), "no such group")
                        .getCommandSpec();
        parent.addSubcommand(verb.name().substring(space + 1), options(verb));
    }

    private static CommandSpec group(String duty) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().width(80).sortOptions(false).description(duty).footer(exitCodes());
        return addHelp(spec);
    }

    private static CommandSpec options(Verb verb) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .width(80)
                .sortOptions(false)
                .description(verb.duty())
                .footer(exitCodes());
        // Its own first: they are what somebody who asks for help is after.
        verb.options().forEach(spec::add);
        for (int place = 0; place < verb.positionals().size(); place++) {
            spec.addPositional(verb.positionals().get(place).spec(place));
        }
        spec.addOption(CommandTimeout.option());
        spec.addOption(OptionSpec.builder("-c", CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("Properties file with settings; the environment goes before it.")
                .build());
        spec.addOption(OptionSpec.builder(SettingsReference.OPTION)
                .description("Show every setting with its default and what is allowed.")
                .build());
        return addHelp(spec);
    }

    private static CommandSpec completion() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .width(80)
                .sortOptions(false)
                .description(
                        "Prints the completion of these commands for bash and zsh, for a command named " + COMPLETED
                                + ":%n  alias " + COMPLETED + "='java -jar admin/target/admin.jar'%n  source <("
                                + COMPLETED + " completion)");
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
}
