package io.rowrelay.admin.cutover;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.DeadLetterCount;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.dlq.OpenByTable;
import io.rowrelay.admin.tables.AppliedSnapshot;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.table.ChangeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code cutover}: says whether the destination can take the place of the source, lists what it lacks for that, and lets its
 * sequences go on where those of the source are. Changes nothing else, and can be run at any time.
 */
@Command(
        name = "cutover",
        description =
                "Checks whether the destination can take the place of the source: whether everything has arrived and the writers have stopped, and which indexes, constraints, defaults and triggers it lacks, with the statements. Sets its sequences past those of the source.")
public final class CutoverCommand extends StreamCommand {
    private static final String MARGIN = "--margin";

    @Option(names = "--dry-run", description = "Set no sequence.")
    private boolean dryRun;

    @Option(
            names = MARGIN,
            paramLabel = "N",
            description =
                    "Set the destination's sequences this many values further than the source's, for writers that have not stopped yet (default: 0).")
    private Optional<Integer> margin = Optional.empty();

    private final List<String> problems = new ArrayList<>();
    private final List<String> lacking = new ArrayList<>();

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        int leftOut =
                margin.map(values -> inRange(MARGIN, values, 1, 1_000_000_000)).orElse(0);
        AdminSettings read = AdminSettings.from(settings);
        try (StreamTables tables = new StreamTables(read, CommandClock.SYSTEM);
                Database source = Database.source(read, Database.CHANGE);
                Database destination = Database.destination(read, Database.CHANGE)) {
            List<RegisteredTable> many = tables.registered();
            StreamTables first = many.isEmpty() ? tables : tables.of(many.get(0));
            long before = lastActionId(first);
            awaitArrival(first, console);
            console.say("arrived: everything that the source had committed, up to action_id=" + before);
            List<AdminSettings> each = many.isEmpty()
                    ? List.of(read)
                    : many.stream().map(table -> table.settings(read)).toList();
            // At once: counting dead letters takes time, in which the last writer can end.
            countWriters(source, each);
            if (many.isEmpty()) {
                countDeadLetters(DeadLetterCount.read(read));
            } else {
                checkState(tables, OpenByTable.count(read, many));
            }
            for (AdminSettings table : each) {
                String there = table.destinationTable();
                compare(ofSource(source, table), new CutoverTable(destination, there, there), many, leftOut, console);
            }
            // After the sequences: a writer that was still there has taken values from them as well.
            countNewChanges(lastActionId(first) - before);
        }
        return answer(console);
    }

    private void countNewChanges(long written) {
        if (written != 0) {
            problems.add(written
                    + " changes came while this command ran: stop the writers of the source, then run it again");
        }
    }

    private static CutoverTable ofSource(Database source, AdminSettings table) {
        return new CutoverTable(source, table.sourceTable(), table.destinationTable());
    }

    /** The tables of a stream of many have one sequence. */
    private static long lastActionId(StreamTables tables) throws OutageException {
        ChangeTable changes = tables.changes();
        return tables.source()
                .run("reading the sequence of " + changes.name(), connection -> ActionIds.last(connection, changes));
    }

    /** Whether the destination shows a state of the source, of all tables. */
    private void checkState(StreamTables tables, Map<String, Long> open) throws OutageException {
        countDeadLetters(new DeadLetterCounts(
                open.values().stream().mapToLong(Long::longValue).sum(), 0, 0));
        tables.applied().flatMap(AppliedSnapshot::broken).ifPresent(problems::add);
    }

    private static void awaitArrival(StreamTables tables, Console console)
            throws OutageException, InterruptedException {
        PatientTopics topics = new PatientTopics(tables.settings(), CommandClock.SYSTEM);
        try (Progress progress = console.progress("arriving", 0, "changes")) {
            new CatchUp(tables, topics, CommandClock.SYSTEM).await(progress);
        }
    }

    private void compare(
            CutoverTable source, CutoverTable destination, List<RegisteredTable> many, int leftOut, Console console)
            throws OutageException {
        List<ColumnSequence> there = destination.sequences();
        for (ColumnSequence sequence : source.sequences()) {
            Optional<ColumnSequence> counterpart = there.stream()
                    .filter(each -> each.column().equals(sequence.column()))
                    .findFirst();
            if (counterpart.isPresent()) {
                carryOn(sequence, counterpart.get(), destination, leftOut, console);
            } else {
                long first = sequence.last().isPresent()
                        ? sequence.last().getAsLong() + sequence.increment() + behind(sequence, leftOut)
                        : 1;
                sequence.creation().forEach(statement -> lacking.add(statement.replace("%1$s", Long.toString(first))));
            }
        }
        List<Definition> definitions = destination.definitions();
        source.definitions().stream()
                // Those within the stream are constraints of the tables that have them.
                .filter(definition -> many.stream().noneMatch(table -> definition.isForeignKeyOf(table.name())))
                .filter(definition -> definitions.stream().noneMatch(definition::sameAs))
                .forEach(definition -> lacking.addAll(definition.statements()));
    }

    private void countWriters(Database source, List<AdminSettings> tables) throws OutageException {
        long open = 0;
        for (AdminSettings table : tables) {
            open += ofSource(source, table).openWriters();
        }
        if (open > 0) {
            problems.add(open
                    + " transactions that have written the source table, or lock it, are still open: end them, then run"
                    + " it again");
        }
    }

    private void countDeadLetters(DeadLetterCounts letters) {
        if (letters.open() > 0) {
            problems.add(letters.open() + " dead letters are open: replay or discard them (dlq list)");
        }
        if (letters.lost() > 0) {
            problems.add(letters.lost()
                    + " dead letters were lost, dropped by the topic before anything was done about them: run verify"
                    + " --repair and, when the tables are equal, dlq discard --lost");
        }
    }

    private void carryOn(
            ColumnSequence sequence, ColumnSequence counterpart, CutoverTable destination, int leftOut, Console console)
            throws OutageException {
        OptionalLong last = sequence.last();
        if (last.isEmpty()) {
            return;
        }
        long wanted = Math.addExact(last.getAsLong(), behind(sequence, leftOut));
        String name = counterpart.name();
        if (counterpart.hasPassed(wanted)) {
            console.say("sequence: " + name + " is at " + counterpart.last().getAsLong() + ", the source's at "
                    + last.getAsLong());
        } else if (dryRun) {
            console.say("sequence: " + name + " would be set to " + wanted);
        } else {
            destination.setSequence(name, wanted);
            console.say("sequence: " + name + " set to " + wanted);
        }
    }

    private static long behind(ColumnSequence sequence, int leftOut) {
        return Math.multiplyExact(sequence.increment(), (long) leftOut);
    }

    private Outcome answer(Console console) {
        if (!lacking.isEmpty()) {
            console.say(
                    "lacking: the source has these, and the destination has not; add what it needs, the sequences first:");
            lacking.forEach(statement -> console.say("  " + statement + ";"));
        }
        problems.forEach(problem -> console.say("problem: " + problem));
        console.say(
                problems.isEmpty()
                        ? "READY: the destination has everything"
                                + (lacking.isEmpty() ? "" : " but what is listed above")
                                + (dryRun ? "; nothing was set" : "")
                                + ". Next: "
                                + (dryRun
                                        ? "stop the writers, then run cutover without --dry-run"
                                        : "run verify, stop the daemons, run uninstall")
                        : "NOT ready");
        return problems.isEmpty() ? Outcome.DONE : Outcome.NOT_EQUAL;
    }
}
