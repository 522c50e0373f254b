package io.rowrelay.common.command;

import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.logging.Logging;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.common.runtime.Termination;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.text.PrintableText;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line of a daemon: reads the options and the configuration, sets up the log, runs the daemon, and turns the
 * way it ended into an exit code. Never ends the process itself.
 */
public final class DaemonCommand {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);
    private static final String CONFIG = "--config";

    private final DaemonDescription daemon;
    private final Body body;
    private final CommandLine commandLine;

    /** The daemon's own work. */
    @FunctionalInterface
    public interface Body {

        /** Works until asked to stop; gives the exit code. The log is set up and the settings are checked. */
        int run(Settings settings) throws Exception;
    }

    public DaemonCommand(DaemonDescription daemon, Body body) {
        this.daemon = daemon;
        this.body = body;
        this.commandLine = new CommandLine(options(daemon)).setExpandAtFiles(false);
    }

    /** Runs with the process's standard output and error. */
    public int execute(Map<String, String> environment, String... arguments) {
        return execute(environment, System.out, System.err, arguments);
    }

    int execute(Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
        try {
            ParseResult options = commandLine.parseArgs(arguments);
            if (options.hasMatchedOption(SettingsReference.OPTION)) {
                out.print(SettingsReference.settings(daemon.table()));
                return ExitCode.STOPPED;
            }
            if (options.isUsageHelpRequested()) {
                out.println(help());
                return ExitCode.STOPPED;
            }
            if (options.isVersionHelpRequested()) {
                out.println("rowrelay-" + daemon.name() + " " + Version.current());
                return ExitCode.STOPPED;
            }
            Optional<String> file = Optional.ofNullable(options.matchedOptionValue(CONFIG, null));
            return run(Settings.read(SettingsSource.of(environment, file), daemon.table()));
        } catch (ParameterException wrong) {
            err.println(daemon.name() + ": " + PrintableText.lines(String.valueOf(wrong.getMessage())));
        } catch (InvalidSettingsException wrong) {
            err.println(daemon.name() + ": " + PrintableText.lines(String.valueOf(wrong.getMessage())));
        }
        err.println("Try --help.");
        return ExitCode.WRONG_CONFIGURATION;
    }

    private int run(Settings settings) {
        Logging.configure(LogSettings.from(settings));
        Logging.onOutOfMemory(() -> Termination.atOnce(ExitCode.FATAL));
        LOG.info("{} starts version={} java={}", daemon.name(), Version.current(), Runtime.version());
        settings.effective().forEach(line -> LOG.info("setting {}", line));
        try {
            int exitCode = body.run(settings);
            LOG.info("{} stopped exit_code={}", daemon.name(), exitCode);
            return exitCode;
        } catch (InvalidSettingsException wrong) {
            throw wrong;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            LOG.warn("{} was interrupted", daemon.name());
            return ExitCode.FATAL;
        } catch (Throwable failure) {
            // Errors as well: were they to leave main, threads that are left would keep the process up, doing nothing.
            LOG.error("{} cannot go on", daemon.name(), failure);
            return ExitCode.FATAL;
        }
    }

    private String help() {
        return commandLine.getUsageMessage(Ansi.OFF) + SettingsReference.text(daemon);
    }

    private static CommandSpec options(DaemonDescription daemon) {
        CommandSpec spec = CommandSpec.create().name(Programs.command(daemon.name()));
        spec.usageMessage().width(80).description(daemon.duty());
        spec.addOption(OptionSpec.builder("-c", CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("Properties file with settings. The environment overrides it.")
                .build());
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this text.")
                .build());
        spec.addOption(OptionSpec.builder(SettingsReference.OPTION)
                .description("Show every setting with its default and what is allowed.")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version.")
                .build());
        return spec;
    }
}
