package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.Fence;
import io.rowrelay.admin.tables.KeyPages;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.Written;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the destination back in step by way of the change table, so that it may run while applications write and the
 * daemons work, be ended at any moment and be run again.
 *
 * <p>Where a condition chooses rows, those that it is true of on either side are brought in step, and no other row is touched.
 *
 * <p>Every row of the source becomes an UPDATE, then every key that only the destination has a DELETE. A row that comes
 * into being meanwhile has changes of its own, written by the triggers.
 */
public final class Resync {
    private final SourceTable source;
    private final DestinationTable destination;
    private final ResyncCatchUp arrival;
    private final DeletionGuard guard;
    private final ResyncOptions options;
    private final Console console;

    public Resync(
            SourceTable source,
            DestinationTable destination,
            DeadLetters deadLetters,
            DeletionGuard guard,
            ResyncOptions options,
            Console console) {
        this.source = source;
        this.destination = destination;
        this.arrival = new ResyncCatchUp(source, destination, deadLetters, options.chunk(), console);
        this.guard = guard;
        this.options = options;
        this.console = console;
    }

    /** Does it; see {@link ResyncOptions} for how far. */
    public Outcome run() throws OutageException, InterruptedException {
        Fence fence = new Fence(source, destination);
        if (options.dryRun()) {
            fence.refuseOtherKeys();
        } else {
            fence.refuseWhatCannotArrive();
        }
        // Every change of this run, and every one of the triggers from now on, gets a larger action_id.
        long before = source.lastActionId();
        arrival.begin(before);
        long extra = eachPage(
                "looked at", destination.keys(), (page, progress) -> extra(page).size());
        if (options.dryRun()) {
            console.say(
                    "would be written: updates=" + updates(Resync::onlyCount) + " deletes=" + extra + "; nothing was");
            return Outcome.DONE;
        }
        if (extra > 0 && !mayDelete(extra)) {
            console.say("nothing was written");
            return Outcome.FAILED;
        }
        long updates = updates(source::writeUpdates);
        long deletes = extra == 0 ? 0 : deletes();
        console.say("written: updates=" + updates + " deletes=" + deletes + " after action_id=" + before);
        return options.waiting() ? arrival.await() : Outcome.DONE;
    }

    private boolean mayDelete(long extra) {
        console.say("rows that only the destination has, and that will be deleted: " + extra);
        return guard.permits("Delete these " + extra + " rows?");
    }

    private long updates(ChunkWriter.Write write) throws OutageException, InterruptedException {
        ChunkWriter writer =
                new ChunkWriter(write, options.chunk(), options.dryRun() ? Optional.empty() : options.rowsPerSecond());
        long written = eachPage(
                "source rows",
                source.keys(),
                (page, progress) -> writer.write(inOrder(page, source.chosen(page)), progress));
        if (options.where().isPresent()) {
            written += eachPage(
                    "destination rows",
                    destination.keys(),
                    (page, progress) -> writer.write(onlyChosenThere(page), progress));
        }
        return written;
    }

    private long deletes() throws OutageException, InterruptedException {
        ChunkWriter writer = new ChunkWriter(source::writeDeletes, options.chunk(), options.rowsPerSecond());
        return eachPage(
                "destination rows", destination.keys(), (page, progress) -> writer.write(extra(page), progress));
    }

    private static Written onlyCount(List<RowKey> keys) {
        return new Written(keys.size(), List.of(), Duration.ZERO);
    }

    /** Works on a page of keys; returns the number of rows. */
    @FunctionalInterface
    private interface Work {
        int on(List<RowKey> page, Progress progress) throws OutageException, InterruptedException;
    }

    private long eachPage(String task, KeyPages keys, Work work) throws OutageException, InterruptedException {
        long done = 0;
        try (Progress progress = console.progress(task, keys.expected(), "rows")) {
            @Nullable RowKey last = null;
            boolean more = true;
            while (more) {
                List<RowKey> page = keys.after(last, options.chunk());
                done += work.on(page, progress);
                progress.step(page.size());
                more = page.size() == options.chunk();
                last = page.isEmpty() ? last : page.get(page.size() - 1);
            }
        }
        return done;
    }

    /** Rows that the destination has and the source, whatever the condition says of them there, has not. */
    private List<RowKey> extra(List<RowKey> page) throws OutageException {
        Set<RowKey> existing = source.existing(page);
        List<RowKey> missing =
                page.stream().filter(key -> !existing.contains(key)).toList();
        return inOrder(missing, destination.chosen(missing));
    }

    /** Rows that the source has, with values that the condition is not true of, unlike those in the destination. */
    private List<RowKey> onlyChosenThere(List<RowKey> page) throws OutageException {
        List<RowKey> chosenThere = inOrder(page, destination.chosen(page));
        List<RowKey> existing = inOrder(chosenThere, source.existing(chosenThere));
        Set<RowKey> chosenHere = source.chosen(existing);
        return existing.stream().filter(key -> !chosenHere.contains(key)).toList();
    }

    /** In the order of the keys, in which writing them is cheap. */
    private static List<RowKey> inOrder(List<RowKey> page, Set<RowKey> some) {
        return page.stream().filter(some::contains).toList();
    }
}
