package io.rowrelay.admin.backfill;

import io.rowrelay.admin.backfill.StreamBackfillTable.Done;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.WriteOptions;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The backfill of tables of a stream of many, one after the other, parents before their children. Ended at any moment, it goes on
 * with the table that it was at.
 *
 * @param tables the stream's
 * @param wanted those to write
 * @param where which of their rows
 */
record StreamBackfill(
        StreamTables tables,
        List<RegisteredTable> wanted,
        Optional<String> where,
        WriteOptions write,
        CommandClock clock) {

    /** Writes all that is not done yet; saves after each table. */
    Done run(StreamBackfillTable remembered, Done begin, Console console) throws OutageException, InterruptedException {
        Done done = begin;
        List<Part> left = parts(done);
        long expected =
                left.stream().mapToLong(part -> part.source().rows().expected()).sum();
        try (Progress progress = console.progress("backfill", expected, "rows")) {
            for (Part part : left) {
                String name = part.table().name();
                BackfillTable place = new BackfillTable(part.tables());
                BackfillProgress from = place.find()
                        .orElseGet(() -> new BackfillProgress(begin.wanted(), null, 0, 0, begin.deadLetters()));
                ChunkWriter writer = new ChunkWriter(part.source()::writeUpdates, write.chunk(), write.rate(), clock);
                int chunk = Math.min(write.chunk(), write.rate().orElse(write.chunk()));
                BackfillProgress end = new Backfill(part.source().rows(), place, writer, chunk).run(from, progress);
                done = done.with(name, end);
                remembered.save(done);
                progress.say(name + ": " + end.written() + " of " + end.rows() + " rows written");
            }
        }
        return done;
    }

    private record Part(RegisteredTable table, StreamTables tables, SourceTable source) {}

    private List<Part> parts(Done done) throws OutageException {
        List<Part> parts = new ArrayList<>();
        for (RegisteredTable table : RegisteredTable.parentsFirst(wanted)) {
            if (!done.tables().contains(table.name())) {
                StreamTables one = tables.of(table);
                one.sourceKey().requireSameKey(one.destinationKey());
                parts.add(new Part(table, one, one.source(where)));
            }
        }
        return parts;
    }

    /** Those that can be written: a row that no key tells apart could come twice. */
    static List<RegisteredTable> writable(List<RegisteredTable> chosen, Console console) {
        chosen.stream()
                .filter(table -> !table.keyed())
                .forEach(
                        table -> console.say(
                                "left out: " + table.name()
                                        + " has no key, so a row that is there already could come twice; copy it before its capture begins"));
        List<RegisteredTable> writable =
                chosen.stream().filter(RegisteredTable::keyed).toList();
        if (writable.isEmpty()) {
            throw new CommandFailedException("there is no table with a key to write");
        }
        return writable;
    }
}
