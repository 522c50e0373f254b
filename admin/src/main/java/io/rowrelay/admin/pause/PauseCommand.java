package io.rowrelay.admin.pause;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.tables.AppliedSnapshot;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableOption;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.common.settings.Settings;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pause}. Can be run again. */
@Command(
        name = "pause",
        description =
                "Pauses the stream: its producer publishes nothing, also after a restart, until you resume it. Changes are still captured; nothing is lost. With --table only these tables: the consumer leaves their changes out until resume --table repairs their rows.")
public final class PauseCommand extends StreamCommand {
    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who pauses it, and why; shown until it is resumed (default: your user name).")
    private String by = System.getProperty("user.name", "unknown");

    @Mixin
    private final TableOption chosen = new TableOption();

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException {
        AdminSettings read = AdminSettings.from(settings);
        return chosen.isGiven() ? tables(read, console) : stream(read, console);
    }

    private Outcome stream(AdminSettings read, Console console) throws OutageException {
        String stream = read.stream().name();
        try (Database source = Database.source(read, Database.CHANGE)) {
            PauseRow row = new PauseRow(source, stream);
            Optional<String> before = row.paused();
            if (before.isPresent()) {
                console.say("stream " + stream + " was paused already " + before.get());
                return Outcome.DONE;
            }
            row.pause(by);
            console.say("stream " + stream + " is paused " + row.paused().orElse("no more")
                    + ": within a second its producer publishes nothing; changes go on being captured");
            return Outcome.DONE;
        }
    }

    private Outcome tables(AdminSettings read, Console console) throws OutageException {
        try (StreamTables tables = new StreamTables(read, CommandClock.SYSTEM)) {
            List<RegisteredTable> many = tables.registered();
            chosen.requireStreamOfMany(many, tables.stream());
            new PausedTables(tables).pause(chosen.of(many), by);
            List<String> paused =
                    tables.applied().map(AppliedSnapshot::pausedTables).orElse(List.of());
            console.say("paused: " + String.join(", ", paused)
                    + "; the consumer leaves their changes out from the next window on, and the destination is a state of the"
                    + " other tables only. " + Programs.command("resume --table TABLE")
                    + " brings a table in step again");
            List<String> pairs = PausedTables.cutForeignKeys(many, paused);
            if (!pairs.isEmpty()) {
                console.say("foreign keys lead from " + String.join(", from ", pairs)
                        + ": unless the consumer's role may set session_replication_role, pause both sides of each, or"
                        + " rows without their parent become dead letters");
            }
            return Outcome.DONE;
        }
    }
}
