package io.rowrelay.admin.cutover;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says whether the destination can take the place of the source, lists what it lacks for that, and lets its sequences go on where
 * those of the source are. Changes nothing else, and can be run at any time and as often as one likes.
 */
public final class Cutover {
    private final StreamEnd stream;
    private final TableFacts source;
    private final TableFacts destination;
    private final CutoverOptions options;
    private final Console console;
    private final List<String> problems = new ArrayList<>();
    private final List<String> lacking = new ArrayList<>();

    public Cutover(
            StreamEnd stream, TableFacts source, TableFacts destination, CutoverOptions options, Console console) {
        this.stream = stream;
        this.source = source;
        this.destination = destination;
        this.options = options;
        this.console = console;
    }

    /** Does it; whether writers have stopped shows in that none is open, and no action_id is given out meanwhile. */
    public Outcome run() throws OutageException, InterruptedException {
        long before = stream.lastActionId();
        try (Progress progress = console.progress("arriving", 0, "changes")) {
            stream.awaitArrival(progress);
        }
        console.say("arrived: everything that the source had committed, up to action_id=" + before);
        long open = source.openWriters();
        if (open > 0) {
            problems.add(open
                    + " transactions that have written the source table, or lock it, are still open: end them, then run"
                    + " it again");
        }
        countDeadLetters();
        List<ColumnSequence> there = destination.sequences();
        for (ColumnSequence sequence : source.sequences()) {
            carryOn(sequence, there);
        }
        compareDefinitions();
        // After the sequences: a writer that was still there has taken values from them as well.
        long written = stream.lastActionId() - before;
        if (written != 0) {
            problems.add(written
                    + " changes came while this command ran: stop the writers of the source, then run it again");
        }
        return answer();
    }

    private void countDeadLetters() throws OutageException, InterruptedException {
        DeadLetterCounts letters = stream.deadLetters();
        if (letters.open() > 0) {
            problems.add(letters.open() + " dead letters are open: replay or discard them (dlq list)");
        }
        if (letters.lost() > 0) {
            problems.add(letters.lost()
                    + " dead letters were lost, dropped by the topic before anything was done about them: run verify"
                    + " --repair and, when the tables are equal, dlq discard --lost");
        }
    }

    private void carryOn(ColumnSequence sequence, List<ColumnSequence> there) throws OutageException {
        Optional<ColumnSequence> counterpart = there.stream()
                .filter(each -> each.column().equals(sequence.column()))
                .findFirst();
        OptionalLong last = sequence.last();
        long behind = Math.multiplyExact(sequence.increment(), (long) options.margin());
        if (counterpart.isEmpty()) {
            long first = last.isPresent() ? last.getAsLong() + sequence.increment() + behind : 1;
            sequence.creation().forEach(statement -> lacking.add(statement.replace("%1$s", Long.toString(first))));
            return;
        }
        if (last.isEmpty()) {
            return;
        }
        long wanted = Math.addExact(last.getAsLong(), behind);
        String name = counterpart.get().name();
        if (counterpart.get().hasPassed(wanted)) {
            console.say("sequence: " + name + " is at "
                    + counterpart.get().last().getAsLong() + ", the source's at " + last.getAsLong());
        } else if (options.dryRun()) {
            console.say("sequence: " + name + " would be set to " + wanted);
        } else {
            destination.setSequence(name, wanted);
            console.say("sequence: " + name + " set to " + wanted);
        }
    }

    private void compareDefinitions() throws OutageException {
        List<Definition> there = destination.definitions();
        source.definitions().stream()
                .filter(definition -> there.stream().noneMatch(definition::sameAs))
                .forEach(definition -> lacking.addAll(definition.statements()));
    }

    private Outcome answer() {
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
                                + (options.dryRun() ? "; nothing was set" : "")
                                + ". Next: "
                                + (options.dryRun()
                                        ? "stop the writers, then run cutover without --dry-run"
                                        : "run verify, stop the daemons, run uninstall")
                        : "NOT ready");
        return problems.isEmpty() ? Outcome.DONE : Outcome.NOT_IN_STEP;
    }
}
