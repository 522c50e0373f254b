package io.rowrelay.admin;

import io.rowrelay.admin.backfill.BackfillOptions;
import io.rowrelay.admin.capture.CaptureCommand;
import io.rowrelay.admin.capture.UncaptureCommand;
import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.AdminCommandLine;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Positional;
import io.rowrelay.admin.command.Verb;
import io.rowrelay.admin.cutover.CutoverOptions;
import io.rowrelay.admin.dlq.DlqVerbs;
import io.rowrelay.admin.doctor.Doctor;
import io.rowrelay.admin.pause.PauseCommand;
import io.rowrelay.admin.pause.ResumeCommand;
import io.rowrelay.admin.resync.ResyncOptions;
import io.rowrelay.admin.status.Status;
import io.rowrelay.admin.uninstall.UninstallOptions;
import io.rowrelay.admin.verify.VerifyOptions;
import io.rowrelay.common.runtime.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The entry point of admin.jar. */
public final class AdminMain {
    static {
        // First of all: the constants below are made in the locale of the machine otherwise.
        Surroundings.pin();
    }

    private static final List<Verb> VERBS = List.of(
            new Verb(
                    "resync",
                    "Brings the destination back in step with the source, while everything runs: writes every row of the"
                            + " source table into the change table once more, and a deletion for each row that only the"
                            + " destination has. Can be repeated at any time.",
                    AdminSettings.TABLE,
                    ResyncOptions.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) -> Session.resync(AdminSettings.from(settings), arguments, console)),
            new Verb(
                    "reanchor",
                    "For a source that was restored or replaced, so that its producer refuses to run: begins the stream"
                            + " anew above every action_id that was ever seen, then does a resync. No producer may run"
                            + " meanwhile; one that is started waits.",
                    AdminSettings.TABLE,
                    ResyncOptions.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) ->
                            Session.reanchor(AdminSettings.from(settings), arguments, console)),
            new Verb(
                    "status",
                    "Shows how far the stream is: captured, published, applied, dead-lettered and unaccounted; what waits at"
                            + " each stage and for how long; the active producer; the partitions and their consumers.",
                    AdminSettings.TABLE,
                    Status.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) -> Watches.status(AdminSettings.from(settings), arguments, console)),
            new Verb(
                    "doctor",
                    "Checks everything of the stream that can be wrong and says of each finding what it means and the command"
                            + " that mends it. Changes nothing.",
                    AdminSettings.TABLE,
                    Doctor.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) -> Watches.doctor(AdminSettings.from(settings), arguments, console)),
            new Verb(
                    "backfill",
                    "Sends rows that are there already through the stream, while everything runs: each becomes an UPDATE in the"
                            + " change table. Goes on where it was ended when it is run again.",
                    AdminSettings.TABLE,
                    BackfillOptions.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) ->
                            Backfilling.run(AdminSettings.from(settings), arguments, console)),
            new Verb(
                    "verify",
                    "Compares source and destination while both change, and lists every row that is missing, extra or"
                            + " different in the destination; --repair mends them. Transfers little, locks nothing.",
                    AdminSettings.TABLE,
                    VerifyOptions.typed(),
                    List.of(Positional.STREAM),
                    (settings, arguments, console) ->
                            Verification.run(AdminSettings.from(settings), arguments, console)),
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

    private static final DlqVerbs DEAD_LETTERS = new DlqVerbs(
            AdminSettings.TABLE, (settings, work) -> Session.deadLetters(AdminSettings.from(settings), work));

    private AdminMain() {}

    /** Runs one command and ends the process; see --help for the exit codes. */
    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    /** Runs one command, which reads and writes the standard streams of the process; returns its exit code. */
    public static int run(Map<String, String> environment, String... arguments) {
        return new AdminCommandLine(commands(), Map.of("dlq", DlqVerbs.DUTY)).execute(environment, arguments);
    }

    /** In the order in which --help lists them. */
    private static List<AdminCommand> commands() {
        List<AdminCommand> verbs = Stream.concat(VERBS.stream(), DEAD_LETTERS.all().stream())
                .map(AdminCommandLine::of)
                .toList();
        List<AdminCommand> all = new ArrayList<>(verbs.subList(0, 4));
        all.add(new PauseCommand());
        all.add(new ResumeCommand());
        all.add(new CaptureCommand());
        all.add(new UncaptureCommand());
        all.addAll(verbs.subList(4, verbs.size()));
        return all;
    }
}
