package io.rowrelay.admin.backfill;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.resync.DeadLetters;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.Fence;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.Throttle;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Writes rows that are there already into the change table, in the order of their keys, each as an UPDATE in its place among the
 * changes of its row. After each page it remembers the last key; ended at any moment, it goes on behind that, and at most a page
 * is written twice. Rows that come into being meanwhile have changes of their own.
 */
public final class Backfill {
    /** The key of no row. */
    private static final RowKey NONE = new RowKey(List.of());

    private final Candidates candidates;
    private final BackfillTable marks;
    private final ChunkWriter writer;
    private final Fence fence;
    private final CatchUp passage;
    private final DeadLetters deadLetters;
    private final BackfillOptions options;
    private final Console console;

    public Backfill(
            Candidates candidates,
            BackfillTable marks,
            SourceTable source,
            DestinationTable destination,
            CatchUp passage,
            DeadLetters deadLetters,
            BackfillOptions options,
            Console console) {
        this.candidates = candidates;
        this.marks = marks;
        this.writer = new ChunkWriter(source::writeUpdates, options.chunk());
        this.fence = new Fence(source, destination);
        this.passage = passage;
        this.deadLetters = deadLetters;
        this.options = options;
        this.console = console;
    }

    /**
     * How it went.
     *
     * @param outcome for the exit code
     * @param json for programs
     */
    public record Result(Outcome outcome, JsonObject json) {}

    /** Does it. */
    public Result run() throws OutageException, InterruptedException {
        if (!marks.lock()) {
            throw new CommandFailedException("another backfill of this stream is running");
        }
        long begun = System.nanoTime();
        fence.refuseWhatCannotArrive();
        Optional<BackfillProgress> left = left();
        // Those that came while none ran are of the part that was written before.
        BackfillProgress end =
                write(left.isPresent() ? left.get() : new BackfillProgress(where(), NONE, 0, 0, deadLetters.count()));
        console.say("written: " + end.written() + " of " + end.rows() + " rows");
        long refused = 0;
        if (options.waiting()) {
            refused = arrive(end.deadLetters());
        }
        marks.remove();
        JsonObject json = new JsonObject()
                .with("rows", end.rows())
                .with("written", end.written())
                .with("resumed", left.isPresent())
                .with("arrived", options.waiting() && refused == 0)
                .with("dead_letters", refused)
                .withSeconds("seconds", (System.nanoTime() - begun) / 1e9);
        return new Result(refused == 0 ? Outcome.DONE : Outcome.NOT_IN_STEP, json);
    }

    private Optional<BackfillProgress> left() throws OutageException {
        if (options.restart()) {
            // At once: ended within its first page, it is to be gone on with from the beginning.
            marks.remove();
        }
        Optional<BackfillProgress> left = marks.find();
        left.ifPresent(mark -> {
            if (!mark.where().equals(where())) {
                throw new CommandFailedException("a backfill "
                        + (mark.where().isEmpty() ? "of all rows" : "with --where \"" + mark.where() + "\"")
                        + " has not come to its end: run that again, or begin anew with --restart");
            }
            console.say("going on where a backfill was ended: " + mark.rows() + " rows are done");
        });
        return left;
    }

    private String where() {
        return options.where().orElse("");
    }

    private BackfillProgress write(BackfillProgress begin) throws OutageException, InterruptedException {
        BackfillProgress mark = begin;
        Throttle throttle = new Throttle(options.rowsPerSecond());
        try (Progress progress =
                console.progress("backfill", Math.max(0, candidates.expected() - mark.rows()), "rows")) {
            boolean more = true;
            while (more) {
                long from = System.nanoTime();
                Candidates.Page page = candidates.after(mark.last().equals(NONE) ? null : mark.last(), options.page());
                int changes = writer.write(page.keys(), progress);
                progress.step(page.rows());
                more = page.rows() == options.page();
                RowKey reached = page.last();
                if (reached != null) {
                    mark = mark.moved(reached, page.rows(), changes);
                    marks.save(mark);
                }
                TimeUnit.NANOSECONDS.sleep(throttle.rest(changes, Duration.ofNanos(System.nanoTime() - from))
                        .toNanos());
            }
        }
        return mark;
    }

    /** Returns how many dead letters have come since the backfill began. */
    private long arrive(long deadLettersBefore) throws OutageException, InterruptedException {
        try (Progress progress = console.progress("arriving", 0, "rows")) {
            passage.await(progress);
        }
        long now = deadLetters.count();
        // Fewer than before: the topic was created again, and all that it has are new.
        long refused = now < deadLettersBefore ? now : now - deadLettersBefore;
        console.say(
                refused == 0
                        ? "done: everything that was written has arrived in the destination"
                        : "everything that was written has passed, but " + refused
                                + " dead letters came since this backfill began: their headers say why");
        return refused;
    }
}
