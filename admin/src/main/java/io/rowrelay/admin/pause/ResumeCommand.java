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
import io.rowrelay.admin.verify.Comparisons;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code resume}. Can be run again. */
@Command(
        name = "resume",
        description =
                "Resumes a paused stream. With --table: applies the changes of these tables again, and sends every row of them that differs meanwhile.")
public final class ResumeCommand extends StreamCommand {
    private static final int CHUNK = 10_000;

    @Mixin
    private final TableOption chosen = new TableOption();

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        AdminSettings read = AdminSettings.from(settings);
        return chosen.isGiven() ? tables(read, console) : stream(read, console);
    }

    private static Outcome stream(AdminSettings read, Console console) throws OutageException {
        String stream = read.stream().name();
        try (Database source = Database.source(read, Database.CHANGE)) {
            PauseRow row = new PauseRow(source, stream);
            Optional<String> before = row.paused();
            row.resume();
            console.say(
                    before.isPresent()
                            ? "stream " + stream + " goes on; it was paused " + before.get()
                            : "stream " + stream + " was not paused");
            return Outcome.DONE;
        }
    }

    /** Whatever was left out is found as a difference, also if an earlier resume was ended here. */
    private Outcome tables(AdminSettings read, Console console) throws OutageException, InterruptedException {
        try (StreamTables tables = new StreamTables(read, CommandClock.SYSTEM)) {
            List<RegisteredTable> many = tables.registered();
            chosen.requireStreamOfMany(many, tables.stream());
            List<RegisteredTable> wanted = chosen.of(many);
            new PausedTables(tables).resume(wanted);
            console.say(chosen.text(many) + ": changes are applied again; sending every row that differs");
            boolean equal = comparisons(true).equal(tables, wanted, console);
            boolean broken =
                    tables.applied().flatMap(AppliedSnapshot::brokenSince).isPresent();
            if (equal && broken && wanted.size() < many.size()) {
                console.say("comparing all tables, whether the destination is a state of the source again");
            }
            // A repair ends when its rows have arrived; only a second look finds the destination whole again.
            return (!broken || comparisons(false).equal(tables, many, console)) && equal
                    ? Outcome.DONE
                    : Outcome.NOT_EQUAL;
        }
    }

    private static Comparisons comparisons(boolean repair) {
        return new Comparisons(
                new Comparisons.Choice(Optional.empty(), repair, true, CHUNK, false), CommandClock.SYSTEM);
    }
}
