package io.rowrelay.admin.backfill;

import io.rowrelay.admin.backfill.StreamBackfillTable.Done;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.WriteOptions;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.verify.Comparisons;
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
 * @param waits whether a consumer runs, so that it can be waited for
 */
record StreamBackfill(
        StreamTables tables,
        List<RegisteredTable> wanted,
        Optional<String> where,
        WriteOptions write,
        boolean waits,
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
        return keyless(remembered, done, console);
    }

    private record Part(RegisteredTable table, StreamTables tables, SourceTable source) {}

    private List<Part> parts(Done done) throws OutageException {
        List<Part> parts = new ArrayList<>();
        for (RegisteredTable table : RegisteredTable.parentsFirst(wanted)) {
            if (table.keyed() && !done.tables().contains(table.name())) {
                StreamTables one = tables.of(table);
                one.sourceKey().requireSameKey(one.destinationKey());
                parts.add(new Part(table, one, one.source(where)));
            }
        }
        return parts;
    }

    /** Sends the rows of tables without a key; which those are can only be told beside a consumer that runs. */
    private Done keyless(StreamBackfillTable remembered, Done begin, Console console)
            throws OutageException, InterruptedException {
        Done done = begin;
        Comparisons comparisons =
                new Comparisons(new Comparisons.Choice(Optional.empty(), true, true, write.chunk(), false), clock);
        for (RegisteredTable table : wanted) {
            if (table.keyed() || done.tables().contains(table.name())) {
                continue;
            }
            if (!waits) {
                console.say(
                        "left out: " + table.name()
                                + " has no key, and which of its rows the destination lacks can only be told without --no-wait");
                continue;
            }
            Comparisons.SentRows sent = comparisons.sendMissing(tables.of(table), table.name(), console);
            done = done.with(table.name(), new BackfillProgress("", null, sent.rows(), sent.sent(), 0));
            remembered.save(done);
            console.say(table.name() + ": " + sent.sent() + " of " + sent.rows() + " rows written");
        }
        return done;
    }
}
