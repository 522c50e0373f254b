package io.rowrelay.admin;

import io.rowrelay.admin.backfill.BackfillCommand;
import io.rowrelay.admin.capture.CaptureCommand;
import io.rowrelay.admin.capture.UncaptureCommand;
import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.AdminCommandLine;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Positional;
import io.rowrelay.admin.command.Verb;
import io.rowrelay.admin.cutover.CutoverOptions;
import io.rowrelay.admin.dlq.DlqCommand;
import io.rowrelay.admin.dlq.DlqDiscardCommand;
import io.rowrelay.admin.dlq.DlqExportCommand;
import io.rowrelay.admin.dlq.DlqListCommand;
import io.rowrelay.admin.dlq.DlqReplayCommand;
import io.rowrelay.admin.dlq.DlqShowCommand;
import io.rowrelay.admin.doctor.DoctorCommand;
import io.rowrelay.admin.pause.PauseCommand;
import io.rowrelay.admin.pause.ResumeCommand;
import io.rowrelay.admin.reanchor.ReanchorCommand;
import io.rowrelay.admin.resync.ResyncCommand;
import io.rowrelay.admin.status.StatusCommand;
import io.rowrelay.admin.uninstall.UninstallOptions;
import io.rowrelay.admin.verify.VerifyCommand;
import io.rowrelay.common.runtime.Surroundings;
import java.util.List;
import java.util.Map;

/** The entry point of admin.jar. */
public final class AdminMain {
    static {
        // First of all: the constants below are made in the locale of the machine otherwise.
        Surroundings.pin();
    }

    private static final List<Verb> VERBS = List.of(
            new Verb(
                    "cutover",
                    "Says whether the destination can take the place of the source: whether everything has arrived and the"
                            + " writers have stopped, and which indexes, constraints, defaults and triggers it lacks, with"
                            + " the statements. Sets its sequences behind the source's.",
                    AdminSettings.TABLE,
                    CutoverOptions.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) ->
                            Takeover.cutover(AdminSettings.from(settings), CutoverOptions.from(arguments), console)),
            new Verb(
                    "uninstall",
                    "Removes a stream whose daemons are stopped from both databases: triggers, change table and checkpoint,"
                            + " action_id and what the consumer remembers; with the last stream all tables and functions of"
                            + " Rowrelay. The replicated tables stay, with their rows.",
                    AdminSettings.TABLE,
                    UninstallOptions.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) -> Takeover.uninstall(
                            AdminSettings.from(settings), UninstallOptions.from(arguments), console)));

    private AdminMain() {}

    /** Runs one command and ends the process; see --help for the exit codes. */
    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    /** Runs one command, which reads and writes the standard streams of the process; returns its exit code. */
    public static int run(Map<String, String> environment, String... arguments) {
        return new AdminCommandLine(commands(), Map.of("dlq", DlqCommand.DUTY)).execute(environment, arguments);
    }

    /** In the order in which --help lists them. */
    private static List<AdminCommand> commands() {
        return List.of(
                new ResyncCommand(),
                new ReanchorCommand(),
                new StatusCommand(),
                new DoctorCommand(),
                new PauseCommand(),
                new ResumeCommand(),
                new CaptureCommand(),
                new UncaptureCommand(),
                new BackfillCommand(),
                new VerifyCommand(),
                verb("cutover"),
                verb("uninstall"),
                new DlqListCommand(),
                new DlqShowCommand(),
                new DlqReplayCommand(),
                new DlqDiscardCommand(),
                new DlqExportCommand());
    }

    private static AdminCommand verb(String name) {
        return VERBS.stream()
                .filter(verb -> verb.name().equals(name))
                .findFirst()
                .map(AdminCommandLine::of)
                .orElseThrow();
    }
}
