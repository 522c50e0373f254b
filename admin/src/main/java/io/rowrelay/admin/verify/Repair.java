package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.DestinationTable.Ahead;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Optional;

/**
 * Writes the present state of rows that differ into the change table, each in its order among the changes of its row: an UPDATE
 * of what the source has, a DELETE of what it has not. Should the row change meanwhile, its own change follows. Ended at any
 * moment, it leaves true changes behind and nothing else.
 */
final class Repair {
    private static final int CHUNK = 100;

    private final SourceTable source;
    private final DestinationTable destination;
    private final ChunkWriter updates;
    private final ChunkWriter deletes;
    private final boolean fenced;

    Repair(StreamTables tables, Optional<String> where, CommandClock clock) throws OutageException {
        this.source = tables.source(where);
        this.destination = tables.destination(where);
        this.updates = new ChunkWriter(source::writeUpdates, CHUNK, clock);
        this.deletes = new ChunkWriter(source::writeDeletes, CHUNK, clock);
        this.fenced = tables.isFenced();
    }

    void run(List<Difference> differences, Progress progress) throws OutageException, InterruptedException {
        updates.write(keys(differences, false), progress);
        List<RowKey> extra = keys(differences, true);
        if (!extra.isEmpty()) {
            progress.say("deleting " + extra.size() + " rows that only the destination has");
            deletes.write(extra, progress);
        }
    }

    private static List<RowKey> keys(List<Difference> differences, boolean extra) {
        return differences.stream()
                .filter(difference -> (difference.kind() == Difference.Kind.EXTRA) == extra)
                .map(Difference::key)
                .toList();
    }

    /**
     * Why repairs can be without effect.
     *
     * @param hazards what beside the stream acts on the destination's rows
     * @param ahead whether the destination shows changes that the source has not made yet
     */
    record Obstacles(List<String> hazards, Optional<Ahead> ahead) {
        Obstacles {
            hazards = List.copyOf(hazards);
        }
    }

    Obstacles obstacles() throws OutageException {
        return new Obstacles(destination.hazards(), fenced ? destination.aheadOf(source) : Optional.empty());
    }
}
