package io.rowrelay.admin.backfill;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.command.WriteOptions;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableOption;
import io.rowrelay.admin.tables.WhereOption;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill}. Can be ended at any moment; run again, it goes on. */
@Command(
        name = "backfill",
        description =
                "Sends the rows that are in the table already through the stream, while everything runs: each becomes an UPDATE in the change table. If you run it again after it was killed, it continues.")
public final class BackfillCommand extends StreamCommand {
    @Mixin
    private final WhereOption where = new WhereOption();

    @Mixin
    private final WriteOptions write = new WriteOptions();

    @Mixin
    private final TableOption chosen = new TableOption();

    @Option(names = "--restart", description = "Begin again, where a backfill that was killed would continue.")
    private boolean restart;

    @Option(
            names = "--no-wait",
            description = "End when everything is written; do not wait until it has arrived in the destination.")
    private boolean noWait;

    @Option(
            names = "--json",
            description = "Print the result as one JSON object, and everything else to standard error.")
    private boolean json;

    private final CommandClock clock = CommandClock.SYSTEM;

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        write.check();
        AdminSettings read = AdminSettings.from(settings);
        PatientTopics topics = new PatientTopics(read, clock);
        Console shown = json ? console.aside() : console;
        try (StreamTables tables = new StreamTables(read, clock)) {
            List<RegisteredTable> many = tables.registered();
            chosen.requireStreamOfMany(many, tables.stream());
            if (!many.isEmpty()) {
                return many(tables, many, topics, shown, console);
            }
            where.check(tables::refusalInSource);
            BackfillTable table = new BackfillTable(tables);
            if (!table.lock()) {
                throw new CommandFailedException("another backfill of this stream is running");
            }
            Duration begun = clock.now();
            SourceTable source = tables.source(where.condition());
            refuseWhatCannotTakeEffect(tables, source);
            Optional<BackfillProgress> left = left(table, shown);
            BackfillProgress begin = left.isPresent()
                    ? left.get()
                    : new BackfillProgress(where.condition().orElse(""), null, 0, 0, topics.deadLettersEver());
            ChunkWriter writer = new ChunkWriter(source::writeUpdates, write.chunk(), write.rate(), clock);
            int chunk = Math.min(write.chunk(), write.rate().orElse(write.chunk()));
            BackfillProgress end;
            try (Progress progress =
                    shown.progress("backfill", Math.max(0, source.rows().expected() - begin.rows()), "rows")) {
                end = new Backfill(source.rows(), table, writer, chunk).run(begin, progress);
            }
            shown.say("written: " + end.written() + " of " + end.rows() + " rows");
            long deadLetters =
                    noWait ? 0 : catchUp(new CatchUp(tables, topics, clock), topics, end.deadLetters(), shown);
            table.remove();
            if (json) {
                console.say(new JsonObject()
                        .with("rows", end.rows())
                        .with("written", end.written())
                        .with("resumed", left.isPresent())
                        .with("arrived", !noWait && deadLetters == 0)
                        .with("dead_letters", deadLetters)
                        .withSeconds("seconds", clock.since(begun).toNanos() / 1e9)
                        .toString());
            }
            return deadLetters == 0 ? Outcome.DONE : Outcome.NOT_EQUAL;
        }
    }

    private Outcome many(
            StreamTables tables, List<RegisteredTable> many, PatientTopics topics, Console shown, Console console)
            throws OutageException, InterruptedException {
        Duration begun = clock.now();
        List<RegisteredTable> wanted = chosen.of(many);
        where.requireOneTable(wanted.size());
        tables.refusePaused(wanted);
        StreamTables first = tables.of(wanted.get(0));
        if (where.condition().isPresent() && !wanted.get(0).keyed()) {
            throw new CommandFailedException(
                    "--where is for tables with a key, and " + wanted.get(0).name() + " has none");
        }
        where.check(first::refusalInSource);
        PatientTopics letters = new PatientTopics(first.settings(), clock);
        StreamBackfillTable remembered = new StreamBackfillTable(tables.source(), tables.stream());
        if (!remembered.lock()) {
            throw new CommandFailedException("another backfill of this stream is running");
        }
        if (restart) {
            remembered.remove();
        }
        String typed = chosen.text(many)
                + where.condition().map(sql -> " --where " + sql).orElse("");
        Optional<StreamBackfillTable.Done> left = remembered.find();
        if (left.isPresent() && !left.get().wanted().equals(typed)) {
            throw new CommandFailedException("a backfill of " + left.get().wanted()
                    + " is unfinished: run that again, or start over with --restart");
        }
        left.ifPresent(done -> shown.say(
                "going on where a backfill was ended: " + done.tables().size() + " tables are done"));
        StreamBackfillTable.Done begin = left.isPresent()
                ? left.get()
                : new StreamBackfillTable.Done(typed, List.of(), 0, 0, letters.deadLettersEver());
        remembered.save(begin);
        StreamBackfillTable.Done end = new StreamBackfill(tables, wanted, where.condition(), write, !noWait, clock)
                .run(remembered, begin, shown);
        shown.say("written: " + end.written() + " of " + end.rows() + " rows of "
                + end.tables().size() + " tables");
        long deadLetters = noWait ? 0 : catchUp(new CatchUp(first, topics, clock), letters, end.deadLetters(), shown);
        remembered.remove();
        if (json) {
            console.say(new JsonObject()
                    .with("tables", end.tables().size())
                    .with("rows", end.rows())
                    .with("written", end.written())
                    .with("resumed", left.isPresent())
                    .with("arrived", !noWait && deadLetters == 0)
                    .with("dead_letters", deadLetters)
                    .withSeconds("seconds", clock.since(begun).toNanos() / 1e9)
                    .toString());
        }
        return deadLetters == 0 ? Outcome.DONE : Outcome.NOT_EQUAL;
    }

    /** With rows of other streams in the table, only the tombstones say how far this stream was applied. */
    private static void refuseWhatCannotTakeEffect(StreamTables tables, SourceTable source) throws OutageException {
        tables.sourceKey().requireSameKey(tables.destinationKey());
        Optional<String> noRow = Optional.of("false");
        tables.destination(tables.writers().others().isEmpty() ? Optional.empty() : noRow)
                .requireNotAheadOf(source);
    }

    /** What an unfinished backfill has left. */
    private Optional<BackfillProgress> left(BackfillTable table, Console shown) throws OutageException {
        if (restart) {
            // At once: a backfill that is ended within its first chunk goes on from the beginning.
            table.remove();
        }
        Optional<BackfillProgress> left = table.find();
        if (left.isPresent()) {
            String condition = left.get().where();
            if (!condition.equals(where.condition().orElse(""))) {
                throw new CommandFailedException(
                        "a backfill " + (condition.isEmpty() ? "of all rows" : "with --where \"" + condition + "\"")
                                + " is unfinished: run that again, or start over with --restart");
            }
            shown.say("going on where a backfill was ended: " + left.get().rows() + " rows are done");
        }
        return left;
    }

    /**
     * Returns how many dead letters have come since the backfill began: those too that came while none ran, for they are of
     * the part that was written before.
     */
    private static long catchUp(CatchUp catchUp, PatientTopics topics, long before, Console shown)
            throws OutageException, InterruptedException {
        try (Progress progress = shown.progress("catching up", 0, "rows")) {
            catchUp.await(progress);
        }
        long now = topics.deadLettersEver();
        // Fewer than before: the topic was created again, and all that it has are new.
        long came = now < before ? now : now - before;
        shown.say(
                came == 0
                        ? "done: everything that was written has arrived in the destination"
                        : "everything that was written has passed, but " + came
                                + " dead letters came since this backfill began: their headers say why");
        return came;
    }
}
