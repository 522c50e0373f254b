package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.KeyedRows.Chunk;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the destination shows the changes of a resync: each row of the source a change of that run or a later one, and
 * no row an older one. Holds some thousand keys at a time, never all. Not thread-safe.
 */
final class ResyncCatchUp {
    private static final int MOST_PENDING = 5_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ChunkWriter again;
    private final SourceTable source;
    private final DestinationTable destination;
    private final PatientTopics topics;
    private final int chunkSize;
    private final CommandClock clock;
    private final Console console;
    private final List<RowKey> pending = new ArrayList<>();
    private @Nullable RowKey last;
    private boolean allSeen;
    private long before;
    private long deadLettersBefore;
    private Duration movedAt;
    private boolean triedAgain;
    private int older = MOST_PENDING;

    ResyncCatchUp(
            SourceTable source,
            DestinationTable destination,
            PatientTopics topics,
            int chunkSize,
            CommandClock clock,
            Console console) {
        this.again = new ChunkWriter(source::writeUpdates, chunkSize, clock);
        this.source = source;
        this.destination = destination;
        this.topics = topics;
        this.chunkSize = chunkSize;
        this.clock = clock;
        this.console = console;
        this.movedAt = clock.now();
    }

    /** To be called before anything is written. */
    void begin(long lastActionId) throws OutageException, InterruptedException {
        before = lastActionId;
        deadLettersBefore = topics.deadLettersEver();
    }

    Outcome await() throws OutageException, InterruptedException {
        movedAt = clock.now();
        try (Progress progress = console.progress("caught up", source.rows().expected(), "rows")) {
            while (true) {
                fill(progress);
                recheck(progress);
                int left = allSeen && pending.isEmpty() ? countOlder() : pending.size();
                if (allSeen && left == 0) {
                    break;
                }
                if (clock.since(movedAt).compareTo(PATIENCE) >= 0 && givesUp(progress)) {
                    return leftOver(left);
                }
                if (left > 0) {
                    clock.sleep(LOOK_AGAIN);
                }
            }
        }
        console.say("done: the destination shows every row as it is in the source, or as it has been changed since");
        return Outcome.DONE;
    }

    private int countOlder() throws OutageException {
        int now = destination.countOlder(before, MOST_PENDING);
        noteMove(now < older);
        older = now;
        return now;
    }

    private void fill(Progress progress) throws OutageException {
        while (!allSeen && pending.size() < MOST_PENDING) {
            Chunk chunk = source.rows().after(last, chunkSize);
            Set<RowKey> shown = destination.showing(chunk.chosen(), before);
            chunk.chosen().stream().filter(key -> !shown.contains(key)).forEach(pending::add);
            progress.step(shown.size());
            noteMove(!shown.isEmpty());
            allSeen = chunk.keys().size() < chunkSize;
            last = chunk.last();
        }
    }

    /** A row that has gone from the source meanwhile has a deletion of its own on its way. */
    private void recheck(Progress progress) throws OutageException {
        List<RowKey> left = new ArrayList<>();
        for (int from = 0; from < pending.size(); from += chunkSize) {
            List<RowKey> part = pending.subList(from, Math.min(pending.size(), from + chunkSize));
            Set<RowKey> shown = destination.showing(part, before);
            Set<RowKey> existing = source.rows().existing(part);
            part.stream()
                    .filter(key -> existing.contains(key) && !shown.contains(key))
                    .forEach(left::add);
        }
        progress.step(pending.size() - left.size());
        noteMove(left.size() < pending.size());
        pending.clear();
        pending.addAll(left);
    }

    private void noteMove(boolean moved) {
        if (moved) {
            movedAt = clock.now();
            triedAgain = false;
        }
    }

    /**
     * Nothing has arrived for a while. With dead letters there is nothing to wait for. Otherwise rows may be missing that were
     * inserted by transactions which took their action_ids before this run began and committed after it had looked for rows:
     * they are there, only with older changes. This looks for them and writes them once more. After that it waits for the
     * daemons.
     */
    private boolean givesUp(Progress progress) throws OutageException, InterruptedException {
        movedAt = clock.now();
        if (topics.deadLettersEver() > deadLettersBefore) {
            return true;
        }
        if (triedAgain) {
            progress.waiting("nothing arrives; do producer and consumer run?");
            return false;
        }
        if (pending.isEmpty()) {
            last = null;
            allSeen = false;
            fill(progress);
        }
        // The second look is no progress.
        triedAgain = true;
        again.write(List.copyOf(pending), progress);
        return false;
    }

    private Outcome leftOver(int rows) throws OutageException, InterruptedException {
        console.say("NOT equal: " + (rows < MOST_PENDING ? "" : "at least ") + rows + " rows do not arrive, and "
                + (topics.deadLettersEver() - deadLettersBefore)
                + " dead letters came since this run began. Their headers say"
                + " why; repair that, then run resync again.");
        return Outcome.NOT_EQUAL;
    }
}
