package io.rowrelay.admin.backfill;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.passage.Passage;
import io.rowrelay.admin.resync.ChunkWriter;
import io.rowrelay.admin.resync.DeadLetters;
import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.admin.resync.SourceTable;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows that are there already into the change table, in the order of their keys, each as an UPDATE in its place among the
 * changes of its row. After each page it remembers the last key; ended at any moment, it goes on behind that, and at most a page
 * is written twice. Rows that come into being meanwhile have changes of their own.
 */
public final class Backfill {
    /** The key of no row. */
    private static final RowKey NONE = new RowKey(List.of());

    private final Candidates candidates;
    private final Marks marks;
    private final ChunkWriter writer;
    private final Passage passage;
    private final DeadLetters deadLetters;
    private final BackfillOptions options;
    private final Console console;

    public Backfill(
            Candidates candidates,
            Marks marks,
            SourceTable source,
            Passage passage,
            DeadLetters deadLetters,
            BackfillOptions options,
            Console console) {
        this.candidates = candidates;
        this.marks = marks;
        this.writer = new ChunkWriter(source::writeUpdates, options.chunk());
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
    public Result run() throws TransientFailureException, InterruptedException {
        if (!marks.lock()) {
            throw new CommandFailedException("another backfill of this stream is running");
        }
        long begun = System.nanoTime();
        Optional<Mark> begin = begin();
        long deadLettersBefore = deadLetters.count();
        Mark end = write(begin);
        console.say("written: " + end.written() + " of " + end.rows() + " rows");
        long refused = 0;
        if (options.waiting()) {
            refused = arrive(deadLettersBefore);
        }
        marks.remove();
        JsonObject json = new JsonObject()
                .with("rows", end.rows())
                .with("written", end.written())
                .with("resumed", begin.isPresent())
                .with("arrived", options.waiting())
                .with("dead_letters", refused)
                .withSeconds("seconds", (System.nanoTime() - begun) / 1e9);
        return new Result(refused == 0 ? Outcome.DONE : Outcome.NOT_IN_STEP, json);
    }

    private Optional<Mark> begin() throws TransientFailureException {
        Optional<Mark> left = options.restart() ? Optional.empty() : marks.find();
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

    private Mark write(Optional<Mark> begin) throws TransientFailureException, InterruptedException {
        long rows = begin.map(Mark::rows).orElse(0L);
        long written = begin.map(Mark::written).orElse(0L);
        @Nullable RowKey last = begin.map(Mark::last).orElse(null);
        Throttle throttle = new Throttle(options.rowsPerSecond());
        try (Progress progress = console.progress("backfill", Math.max(0, candidates.expected() - rows), "rows")) {
            boolean more = true;
            while (more) {
                long from = System.nanoTime();
                Candidates.Page page = candidates.after(last, options.page());
                int changes = writer.write(page.keys(), progress);
                rows += page.rows();
                written += changes;
                progress.step(page.rows());
                more = page.rows() == options.page();
                RowKey reached = page.last();
                if (reached != null) {
                    last = reached;
                    marks.save(new Mark(where(), reached, rows, written));
                }
                TimeUnit.NANOSECONDS.sleep(throttle.rest(changes, Duration.ofNanos(System.nanoTime() - from))
                        .toNanos());
            }
        }
        return new Mark(where(), last == null ? NONE : last, rows, written);
    }

    /** Returns how many dead letters came meanwhile. */
    private long arrive(long deadLettersBefore) throws TransientFailureException, InterruptedException {
        try (Progress progress = console.progress("arriving", 0, "rows")) {
            passage.await(progress);
        }
        long refused = deadLetters.count() - deadLettersBefore;
        console.say(
                refused == 0
                        ? "done: everything that was written has arrived in the destination"
                        : "everything that was written has passed, but " + refused
                                + " dead letters came since this run began: their headers say why");
        return refused;
    }
}
