package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.KeyedRows;
import io.rowrelay.admin.tables.KeyedRows.Chunk;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.Written;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repairs the destination from the source through the change table, so that it may run while applications write and the
 * daemons work, be ended at any moment and be run again.
 *
 * <p>Where a condition chooses rows, those for which it is true on either side are repaired, and no other row is touched.
 *
 * <p>Every row of the source becomes an UPDATE, then every key that only the destination has a DELETE. A row that comes
 * into being meanwhile has changes of its own, written by the triggers.
 */
public final class Resync {
    private final StreamTables tables;
    private final SourceTable source;
    private final DestinationTable destination;
    private final ResyncCatchUp catchUp;
    private final DeletionGuard guard;
    private final ResyncOptions options;
    private final CommandClock clock;
    private final Console console;

    /**
     * One resync, which has not begun.
     *
     * @throws CommandFailedException when rows of other streams would be deleted
     */
    public Resync(StreamTables tables, ResyncOptions options, CommandClock clock, Console console)
            throws OutageException {
        options.where().check(tables::refusal);
        this.tables = tables;
        this.source = tables.source(options.where().condition());
        this.destination = tables.destination(options.where().condition());
        PatientTopics topics = new PatientTopics(tables.settings(), clock);
        this.catchUp =
                new ResyncCatchUp(source, destination, topics, options.write().chunk(), clock, console);
        this.guard = new DeletionGuard(tables, options.where().condition().isPresent(), options.confirmed(), console);
        guard.refuseForeignRows();
        this.options = options;
        this.clock = clock;
        this.console = console;
    }

    /** Does it, as {@link ResyncOptions} says. */
    public Outcome run() throws OutageException, InterruptedException {
        tables.sourceKey().requireSameKey(tables.destinationKey());
        if (!options.dryRun()) {
            destination.requireNotAheadOf(source);
        }
        // Every change of this run, and every one of the triggers from now on, gets a larger action_id.
        long before = source.lastActionId();
        catchUp.begin(before);
        long extra = eachChunk(
                "looked at",
                destination.rows(),
                (chunk, progress) -> extra(chunk).size());
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
        return options.waits() ? catchUp.await() : Outcome.DONE;
    }

    private boolean mayDelete(long extra) {
        console.say("rows that only the destination has, and that will be deleted: " + extra);
        return guard.permits("Delete these " + extra + " rows?");
    }

    private long updates(ChunkWriter.Write write) throws OutageException, InterruptedException {
        ChunkWriter writer = writer(
                write, options.dryRun() ? Optional.empty() : options.write().rate());
        long written =
                eachChunk("source rows", source.rows(), (chunk, progress) -> writer.write(chunk.chosen(), progress));
        if (options.where().condition().isPresent()) {
            written += eachChunk(
                    "destination rows",
                    destination.rows(),
                    (chunk, progress) -> writer.write(onlyChosenThere(chunk), progress));
        }
        return written;
    }

    private long deletes() throws OutageException, InterruptedException {
        ChunkWriter writer = writer(source::writeDeletes, options.write().rate());
        return eachChunk(
                "destination rows", destination.rows(), (chunk, progress) -> writer.write(extra(chunk), progress));
    }

    private ChunkWriter writer(ChunkWriter.Write write, Optional<Integer> rate) {
        return new ChunkWriter(write, options.write().chunk(), rate, clock);
    }

    private static Written onlyCount(List<RowKey> keys) {
        return new Written(keys.size(), List.of(), Duration.ZERO);
    }

    /** Works on a chunk; returns the number of rows. */
    @FunctionalInterface
    private interface Work {
        int on(Chunk chunk, Progress progress) throws OutageException, InterruptedException;
    }

    private long eachChunk(String task, KeyedRows rows, Work work) throws OutageException, InterruptedException {
        int size = options.write().chunk();
        long done = 0;
        try (Progress progress = console.progress(task, rows.expected(), "rows")) {
            @Nullable RowKey last = null;
            boolean more = true;
            while (more) {
                Chunk chunk = rows.after(last, size);
                done += work.on(chunk, progress);
                progress.step(chunk.keys().size());
                more = chunk.keys().size() == size;
                last = chunk.last();
            }
        }
        return done;
    }

    /** Rows that only the destination has, whatever the condition says of them. */
    private List<RowKey> extra(Chunk chunk) throws OutageException {
        Set<RowKey> existing = source.rows().existing(chunk.chosen());
        return chunk.chosen().stream().filter(key -> !existing.contains(key)).toList();
    }

    /** Rows for which the condition is true in the destination and not in the source. */
    private List<RowKey> onlyChosenThere(Chunk chunk) throws OutageException {
        Set<RowKey> existing = source.rows().existing(chunk.chosen());
        Set<RowKey> chosen = source.rows().chosen(List.copyOf(existing));
        return chunk.chosen().stream()
                .filter(key -> existing.contains(key) && !chosen.contains(key))
                .toList();
    }
}
