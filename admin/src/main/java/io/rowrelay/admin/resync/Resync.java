package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the destination back in step by way of the change table, so that it may run while applications write and the
 * daemons work, be ended at any moment and be run again.
 *
 * <p>Every row of the source becomes an UPDATE, then every key that only the destination has a DELETE. A row that comes
 * into being meanwhile has changes of its own, written by the triggers.
 */
public final class Resync {
    private final SourceTable source;
    private final DestinationTable destination;
    private final Arrival arrival;
    private final ResyncOptions options;
    private final Console console;

    public Resync(
            SourceTable source,
            DestinationTable destination,
            DeadLetters deadLetters,
            ResyncOptions options,
            Console console) {
        this.source = source;
        this.destination = destination;
        this.arrival = new Arrival(source, destination, deadLetters, options.chunk(), console);
        this.options = options;
        this.console = console;
    }

    /** Does it; see {@link ResyncOptions} for how far. */
    public Outcome run() throws TransientFailureException, InterruptedException {
        Fence fence = new Fence(source, destination);
        if (options.dryRun()) {
            fence.refuseOtherKeys();
        } else {
            fence.refuseWhatCannotArrive();
        }
        // Every change of this run, and every one of the triggers from now on, gets a larger action_id.
        long before = source.lastActionId();
        arrival.begin(before);
        long updates = updates();
        long deletes = deletes();
        console.say((options.dryRun() ? "would be written: " : "written: ") + "updates=" + updates + " deletes="
                + deletes + (options.dryRun() ? "; nothing was" : " after action_id=" + before));
        if (options.dryRun() || !options.waiting()) {
            return Outcome.DONE;
        }
        return arrival.await();
    }

    private long updates() throws TransientFailureException, InterruptedException {
        ChunkWriter writer =
                new ChunkWriter(options.dryRun() ? Resync::onlyCount : source::writeUpdates, options.chunk());
        return eachPage("source rows", source.keys(), writer, false);
    }

    private long deletes() throws TransientFailureException, InterruptedException {
        ChunkWriter writer =
                new ChunkWriter(options.dryRun() ? Resync::onlyCount : source::writeDeletes, options.chunk());
        return eachPage("destination rows", destination.keys(), writer, true);
    }

    private static Written onlyCount(List<RowKey> keys) {
        return new Written(keys.size(), List.of(), Duration.ZERO);
    }

    private long eachPage(String task, Keys keys, ChunkWriter writer, boolean onlyThoseNotInSource)
            throws TransientFailureException, InterruptedException {
        long written = 0;
        try (Progress progress = console.progress(task, keys.expected(), "rows")) {
            @Nullable RowKey last = null;
            boolean more = true;
            while (more) {
                List<RowKey> page = keys.after(last, options.chunk());
                written += writer.write(onlyThoseNotInSource ? notInSource(page) : page, progress);
                progress.step(page.size());
                more = page.size() == options.chunk();
                last = page.isEmpty() ? last : page.get(page.size() - 1);
            }
        }
        return written;
    }

    private List<RowKey> notInSource(List<RowKey> page) throws TransientFailureException {
        Set<RowKey> existing = source.existing(page);
        return page.stream().filter(key -> !existing.contains(key)).toList();
    }
}
