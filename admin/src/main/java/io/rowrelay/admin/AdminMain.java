package io.rowrelay.admin;

import io.rowrelay.admin.backfill.BackfillCommand;
import io.rowrelay.admin.capture.CaptureCommand;
import io.rowrelay.admin.capture.UncaptureCommand;
import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.AdminCommandLine;
import io.rowrelay.admin.cutover.CutoverCommand;
import io.rowrelay.admin.dlq.DlqCommand;
import io.rowrelay.admin.dlq.DlqDiscardCommand;
import io.rowrelay.admin.dlq.DlqExportCommand;
import io.rowrelay.admin.dlq.DlqListCommand;
import io.rowrelay.admin.dlq.DlqReplayCommand;
import io.rowrelay.admin.dlq.DlqShowCommand;
import io.rowrelay.admin.doctor.DoctorCommand;
import io.rowrelay.admin.init.InitCommand;
import io.rowrelay.admin.pause.PauseCommand;
import io.rowrelay.admin.pause.ResumeCommand;
import io.rowrelay.admin.reanchor.ReanchorCommand;
import io.rowrelay.admin.resync.ResyncCommand;
import io.rowrelay.admin.status.StatusCommand;
import io.rowrelay.admin.uninstall.UninstallCommand;
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
                new InitCommand(),
                new CaptureCommand(),
                new UncaptureCommand(),
                new BackfillCommand(),
                new VerifyCommand(),
                new CutoverCommand(),
                new UninstallCommand(),
                new DlqListCommand(),
                new DlqShowCommand(),
                new DlqReplayCommand(),
                new DlqDiscardCommand(),
                new DlqExportCommand());
    }
}
