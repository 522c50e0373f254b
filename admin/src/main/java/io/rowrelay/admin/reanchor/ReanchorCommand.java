package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.resync.Resync;
import io.rowrelay.admin.resync.ResyncOptions;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reanchor}. Can be ended at any moment and run again. */
@Command(
        name = "reanchor",
        description =
                "For a source that was restored or replaced, so that its producer refuses to run: continues the stream above every action_id that was ever used, then does a resync. No producer may run meanwhile; one that you start waits. With many tables no consumer either, and the resync is for you to run when both work again.")
public final class ReanchorCommand extends StreamCommand {
    @Mixin
    private final ResyncOptions options = new ResyncOptions();

    @Option(
            names = "--trust-source",
            description =
                    "The source was not restored or replaced: somebody else wrote the record that its producer names. Continue above it, and do nothing else: no resync.")
    private boolean trustSource;

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        options.write().check();
        AdminSettings read = AdminSettings.from(settings);
        CommandClock clock = CommandClock.SYSTEM;
        try (StreamTables tables = new StreamTables(read, clock)) {
            List<RegisteredTable> many = tables.registered();
            if (!many.isEmpty()) {
                return many(tables, many, clock, console);
            }
            // Before the anchor is set, not after: the resync must not be refused half way.
            Resync resync = new Resync(tables, options, clock, console);
            try (Anchor anchor = new Anchor(tables)) {
                Reanchor reanchor = new Reanchor(
                        anchor, tables.destination(Optional.empty()), new PatientTopics(read, clock), clock, console);
                if (trustSource) {
                    reanchor.trustSource(options.dryRun());
                    return Outcome.DONE;
                }
                reanchor.run(options.dryRun());
            }
            return resync.run();
        }
    }

    /** Without the resync, which needs both daemons. */
    private Outcome many(StreamTables tables, List<RegisteredTable> many, CommandClock clock, Console console)
            throws OutageException, InterruptedException {
        TableSession session = tables.furtherSourceSession();
        try {
            StreamReanchor reanchor = new StreamReanchor(tables, many, session, clock, console);
            if (trustSource) {
                reanchor.trustSource(options.dryRun());
            } else {
                reanchor.run(options.dryRun());
            }
            return Outcome.DONE;
        } finally {
            tables.release(session);
        }
    }
}
