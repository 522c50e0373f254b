package io.rowrelay.admin;

import io.rowrelay.admin.backfill.BackfillOptions;
import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.Verb;
import io.rowrelay.admin.resync.ResyncOptions;
import io.rowrelay.admin.verify.VerifyOptions;
import java.util.List;

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
                            Session.reanchor(AdminSettings.from(settings), ResyncOptions.from(arguments), console)),
            new Verb(
                    "backfill",
                    "Sends rows that are there already through the stream, while everything runs: each becomes an UPDATE in the"
                            + " change table. Goes on where it was ended when it is run again.",
                    AdminSettings.TABLE,
                    BackfillOptions.typed(),
                    (settings, arguments, console) ->
                            Backfilling.run(AdminSettings.from(settings), arguments, console)),
            new Verb(
                    "verify",
                    "Compares source and destination while both change, and lists every row that is missing, extra or"
                            + " different in the destination; --repair mends them. Reads little and locks nothing.",
                    AdminSettings.TABLE,
                    VerifyOptions.typed(),
                    (settings, arguments, console) ->
                            Verification.run(AdminSettings.from(settings), arguments, console)));

    private AdminMain() {}

    /** Runs one command; see --help for the exit codes. */
    public static void main(String[] arguments) {
        System.exit(new AdminCommand(VERBS).execute(System.getenv(), arguments));
    }
}
