package io.rowrelay.admin.command;

import io.rowrelay.common.command.SettingsReference;
import io.rowrelay.common.command.Version;
import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.logging.Logging;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
    private static final String DRY_RUN = "--dry-run";
    private static final String CHUNK = "--chunk";
    private static final String NO_WAIT = "--no-wait";
    private static final int LARGEST_CHUNK = 10_000;

    private final List<Verb> verbs;
    private final CommandLine commandLine;

    public AdminCommand(List<Verb> verbs) {
        this.verbs = List.copyOf(verbs);
        CommandSpec spec = CommandSpec.create().name("java -jar admin.jar");
        spec.usageMessage().width(100).description("Mends what the daemons cannot mend by themselves.");
        spec.usageMessage().footer(exitCodes());
        addHelp(spec);
        verbs.forEach(verb -> spec.addSubcommand(verb.name(), options(verb)));
        this.commandLine = new CommandLine(spec).setExpandAtFiles(false);
    }

    /** Runs with the process's standard output and error. */
    public int execute(Map<String, String> environment, String... arguments) {
        return execute(environment, System.out, System.err, arguments).exitCode();
    }

    Outcome execute(Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
        try {
            ParseResult given = commandLine.parseArgs(arguments);
            if (given.isVersionHelpRequested()) {
                out.println("rowrelay-admin " + Version.current());
                return Outcome.DONE;
            }
            if (given.isUsageHelpRequested()) {
                out.print(commandLine.getUsageMessage(Ansi.OFF));
                return Outcome.DONE;
            }
            if (!given.hasSubcommand()) {
                err.print(commandLine.getUsageMessage(Ansi.OFF));
                return Outcome.WRONG_CONFIGURATION;
            }
            return run(environment, out, err, given.subcommand());
        } catch (ParameterException wrong) {
            err.println(NAME + ": " + wrong.getMessage());
        } catch (InvalidSettingsException wrong) {
            err.println(NAME + ": " + wrong.getMessage());
        }
        err.println("Try --help.");
        return Outcome.WRONG_CONFIGURATION;
    }

    private Outcome run(Map<String, String> environment, PrintStream out, PrintStream err, ParseResult given) {
        Verb verb = verbs.stream()
                .filter(each -> each.name().equals(given.commandSpec().name()))
                .findFirst()
                .orElseThrow();
        if (given.isUsageHelpRequested()) {
            out.print(given.commandSpec().commandLine().getUsageMessage(Ansi.OFF));
            out.println(SettingsReference.settings(verb.table()));
            return Outcome.DONE;
        }
        Optional<String> file = Optional.ofNullable(given.matchedOptionValue(CONFIG, null));
        Options options = new Options(given.hasMatchedOption(DRY_RUN), chunk(given), !given.hasMatchedOption(NO_WAIT));
        Settings settings = Settings.read(SettingsSource.of(environment, file), verb.table());
        Logging.configure(LogSettings.from(settings));
        return run(verb, settings, options, new Console(out), err);
    }

    private static int chunk(ParseResult given) {
        int chunk = given.matchedOptionValue(CHUNK, 1_000);
        if (chunk < 1 || chunk > LARGEST_CHUNK) {
            throw new ParameterException(
                    given.commandSpec().commandLine(), CHUNK + " is " + chunk + ": from 1 to " + LARGEST_CHUNK);
        }
        return chunk;
    }

    private static Outcome run(Verb verb, Settings settings, Options options, Console console, PrintStream err) {
        try {
            return verb.body().run(settings, options, console);
        } catch (InvalidSettingsException wrong) {
            throw wrong;
        } catch (CommandFailedException | TransientFailureException failure) {
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

    private static CommandSpec options(Verb verb) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().width(100).description(verb.duty()).footer(exitCodes());
        spec.addOption(OptionSpec.builder("-c", CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("Properties file with settings; the environment goes before it.")
                .build());
        spec.addOption(OptionSpec.builder(DRY_RUN)
                .description("Look only: say what would be done, and write nothing.")
                .build());
        spec.addOption(OptionSpec.builder(CHUNK)
                .type(Integer.class)
                .paramLabel("N")
                .description("Rows written in one transaction, from 1 to 10000 (default: 1000).")
                .build());
        spec.addOption(OptionSpec.builder(NO_WAIT)
                .description("End once everything is written, before the destination shows it.")
                .build());
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
