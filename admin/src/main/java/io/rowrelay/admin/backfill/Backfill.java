package io.rowrelay.admin.backfill;

import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.KeyedRows;
import io.rowrelay.admin.tables.KeyedRows.Chunk;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.runtime.OutageException;

/**
 * Writes rows that are there already into the change table, in the order of their keys, each as an UPDATE in its order among the
 * changes of its row. After each chunk it remembers the last key; ended at any moment, it goes on behind that, and at most a
 * chunk is written twice. Rows that come into being meanwhile have changes of their own.
 */
record Backfill(KeyedRows rows, BackfillTable table, ChunkWriter writer, int chunkSize) {

    /** Goes on from there to the end of the table; returns how far it has come. */
    BackfillProgress run(BackfillProgress begin, Progress progress) throws OutageException, InterruptedException {
        BackfillProgress done = begin;
        boolean more = true;
        while (more) {
            Chunk chunk = rows.after(done.last(), chunkSize);
            int changes = writer.write(chunk.chosen(), progress);
            progress.step(chunk.keys().size());
            more = chunk.keys().size() == chunkSize;
            RowKey reached = chunk.last();
            if (reached != null) {
                done = done.moved(reached, chunk.keys().size(), changes);
                table.save(done);
            }
        }
        return done;
    }
}
