package io.rowrelay.admin.dlq;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.AppliedSnapshot;
import io.rowrelay.admin.tables.ChunkWriter;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.verify.Comparisons;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends the present state of the rows that dead letters of a stream of many tables are about, each as a change in its order among
 * those of its row: an UPDATE of what the source has, a DELETE of what it has not. Where rows have no key, the whole table is
 * compared. To send one twice does no harm. Not
 * thread-safe.
 */
final class PresentStates implements Replays, AutoCloseable {
    private static final int CHUNK = 100;

    private final StreamLetters letters;
    private final StreamTables tables;
    private final PatientTopics topics;
    private final CommandClock clock;
    private final Console console;
    private final long lettersBefore;
    private final Comparisons comparisons;

    /** Tables without a key, of which all letters are dealt with. */
    private final Set<RegisteredTable> compared = new HashSet<>();

    PresentStates(StreamLetters letters, CommandClock clock, Console console)
            throws OutageException, InterruptedException {
        this.letters = letters;
        this.clock = clock;
        this.console = console;
        this.topics = new PatientTopics(letters.tables().get(0).settings(letters.settings()), clock);
        this.lettersBefore = topics.deadLettersEver();
        this.tables = new StreamTables(letters.settings(), clock);
        this.comparisons = new Comparisons(new Comparisons.Choice(Optional.empty(), true, true, CHUNK, false), clock);
    }

    @Override
    public void send(List<Replay> replays) throws OutageException, InterruptedException {
        tables.refusePaused(replays.stream()
                .flatMap(each -> letters.table(each.letter()).stream())
                .toList());
        Map<RegisteredTable, List<RowKey>> keys = new LinkedHashMap<>();
        for (Replay replay : replays) {
            Optional<RegisteredTable> table = letters.table(replay.letter());
            Optional<RowKey> key = letters.key(replay.letter());
            if (table.isPresent() && key.isPresent()) {
                keys.computeIfAbsent(table.get(), each -> new ArrayList<>()).add(key.get());
            } else if (table.isPresent() && !table.get().keyed() && compared.add(table.get())) {
                comparisons.sendDifferences(tables.of(table.get()), table.get().name(), console);
            }
        }
        try (Progress progress = console.progress("rows", replays.size(), "rows")) {
            for (Map.Entry<RegisteredTable, List<RowKey>> each : keys.entrySet()) {
                List<RowKey> rows = each.getValue().stream().distinct().toList();
                write(tables.of(each.getKey()).source(Optional.empty()), rows, progress);
                progress.step(rows.size());
            }
        }
    }

    private void write(SourceTable source, List<RowKey> rows, Progress progress)
            throws OutageException, InterruptedException {
        Set<RowKey> there = source.rows().existing(rows);
        new ChunkWriter(source::writeUpdates, CHUNK, clock)
                .write(rows.stream().filter(there::contains).toList(), progress);
        // Should a row come into being meanwhile, it has a change of its own and needs no DELETE.
        new ChunkWriter(source::writeDeletes, CHUNK, clock)
                .write(rows.stream().filter(row -> !there.contains(row)).toList(), progress);
    }

    /** Waits until the destination shows what was sent, and says how many dead letters have come meanwhile. */
    long await() throws OutageException, InterruptedException {
        StreamTables any = tables.of(letters.tables().get(0));
        try (Progress progress = console.progress("catching up", 0, "rows")) {
            new CatchUp(any, topics, clock).await(progress);
        }
        long came = topics.deadLettersEver() - lettersBefore;
        console.say(
                came == 0
                        ? "everything that was sent has arrived in the destination"
                        : "everything that was sent has passed, but " + came
                                + " dead letters came meanwhile: see dlq list");
        return came;
    }

    /** Why the destination may show no state of the source, if so. */
    Optional<String> broken() throws OutageException {
        return tables.applied().flatMap(AppliedSnapshot::broken);
    }

    @Override
    public void close() {
        tables.close();
    }
}
