package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/**
 * Writes the present state of rows that differ into the change table, each in its place among the changes of its row: an UPDATE
 * of what the source has, a DELETE of what it has not. Should the row change meanwhile, its own change follows. Ended at any
 * moment, it leaves true changes behind and nothing else.
 */
final class Repair {
    private static final int CHUNK = 100;

    private final ChunkWriter updates;
    private final ChunkWriter deletes;

    Repair(SourceTable source) {
        this.updates = new ChunkWriter(source::writeUpdates, CHUNK);
        this.deletes = new ChunkWriter(source::writeDeletes, CHUNK);
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
}
