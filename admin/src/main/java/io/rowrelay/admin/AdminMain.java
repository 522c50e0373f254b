package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.Verb;
import io.rowrelay.admin.dlq.DlqVerbs;
import io.rowrelay.admin.resync.ResyncOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The entry point of admin.jar. */
public final class AdminMain {
    private static final List<Verb> VERBS = List.of(
            new Verb(
                    "resync",
                    "Brings the destination back in step with the source, while everything runs: writes every row of the"
                            + " source table into the change table once more, and a deletion for each row that only the"
                            + " destination has. Can be repeated at any time.",
                    AdminSettings.TABLE,
                    ResyncOptions.typed(),
                    (settings, arguments, console) ->
                            Session.resync(AdminSettings.from(settings), ResyncOptions.from(arguments), console)),
            new Verb(
                    "reanchor",
                    "For a source that was restored or replaced, so that its producer refuses to run: begins the stream"
                            + " anew above every action_id that was ever seen, then does a resync. No producer may run"
                            + " meanwhile; one that is started waits.",
                    AdminSettings.TABLE,
                    ResyncOptions.typed(),
                    (settings, arguments, console) ->
                            Session.reanchor(AdminSettings.from(settings), ResyncOptions.from(arguments), console)));

    private static final DlqVerbs DEAD_LETTERS = new DlqVerbs(
            AdminSettings.TABLE, (settings, work) -> Session.deadLetters(AdminSettings.from(settings), work));

    private AdminMain() {}

    /** Runs one command; see --help for the exit codes. */
    public static void main(String[] arguments) {
        List<Verb> verbs =
                Stream.concat(VERBS.stream(), DEAD_LETTERS.all().stream()).toList();
        System.exit(new AdminCommand(verbs, Map.of("dlq", DlqVerbs.DUTY)).execute(System.getenv(), arguments));
    }
}
