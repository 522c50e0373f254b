package io.rowrelay.admin.verify;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.AppliedSnapshot;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import java.util.List;
import java.util.Optional;

/** Compares the tables of a stream, and repairs them where that is asked for. Not thread-safe. */
public final class Comparisons {
    private final Choice choice;
    private final CommandClock clock;

    /**
     * How to compare.
     *
     * @param where a condition on the rows of one table
     * @param repair whether to send the right state of every row that differs through the stream
     * @param confirmed whether the user has said yes to deletions beforehand
     * @param chunk how many rows at a time
     * @param showValues whether to show the values that differ
     */
    public record Choice(Optional<String> where, boolean repair, boolean confirmed, int chunk, boolean showValues) {}

    /** Comparisons of one command. */
    public Comparisons(Choice choice, CommandClock clock) {
        this.choice = choice;
        this.clock = clock;
    }

    /** Compares one table; the task is what a bar shows. */
    VerifyReport one(StreamTables tables, String task, Console shown) throws OutageException, InterruptedException {
        guard(tables, shown);
        ComparedTables compared = ComparedTables.read(tables, choice.where());
        CatchUp catchUp = new CatchUp(tables, new PatientTopics(tables.settings(), clock), clock);
        VerifyReport report = new VerifyReport(tables.stream(), compared.scope(), choice.where());
        Verify verify = new Verify(
                compared,
                new SuspectCheck(compared, catchUp),
                choice.repair() ? Optional.of(new Repair(tables, choice.where(), clock)) : Optional.empty(),
                choice.showValues(),
                report);
        verify.run(choice.chunk(), clock, task, shown);
        return report;
    }

    /** Compares tables of a stream of many. If these are all, and equal, the destination counts as a state of the source again. */
    StreamVerifyReport many(StreamTables tables, List<RegisteredTable> wanted, Console shown)
            throws OutageException, InterruptedException {
        boolean all = wanted.size() == tables.registered().size();
        List<String> paused =
                tables.applied().map(AppliedSnapshot::pausedTables).orElse(List.of());
        Optional<AppliedSnapshot> before = tables.applied();
        Optional<String> brokenSince = before.flatMap(AppliedSnapshot::brokenSince);
        long deadLetters = brokenSince.isPresent() ? deadLetters(tables, wanted) : 0;
        StreamVerifyReport report = new StreamVerifyReport(tables.stream(), choice.where());
        for (RegisteredTable table : wanted) {
            if (paused.contains(table.name())) {
                shown.say(table.name() + ": not compared: it is paused");
                report.leftOut(table.name());
            } else if (table.keyed()) {
                VerifyReport one = one(tables.of(table), table.name(), shown);
                one.lines(choice.repair()).forEach(line -> shown.say(table.name() + ": " + line));
                report.add(table.name(), one);
            } else {
                VerifyReport one = keyless(tables.of(table), table.name(), shown);
                one.lines(choice.repair()).forEach(line -> shown.say(table.name() + ": " + line));
                report.add(table.name(), one);
            }
        }
        VerifyReport total = report.total();
        total.lines(choice.repair()).forEach(shown::say);
        if (brokenSince.isPresent()) {
            boolean whole = all && choice.where().isEmpty() && total.equal();
            boolean mended = whole && deadLetters(tables, wanted) == deadLetters && tables.setWhole(brokenSince.get());
            shown.say(
                    mended
                            ? "the destination shows states of the source again, which it did not since "
                                    + brokenSince.get()
                            : before.flatMap(AppliedSnapshot::broken).orElseThrow());
        }
        return report;
    }

    /** Compares tables of a stream of many, and says so; whether they are equal then. */
    public boolean equal(StreamTables tables, List<RegisteredTable> wanted, Console shown)
            throws OutageException, InterruptedException {
        return many(tables, wanted, shown).total().equal();
    }

    private VerifyReport keyless(StreamTables tables, String task, Console shown)
            throws OutageException, InterruptedException {
        if (choice.where().isPresent()) {
            throw new CommandFailedException("--where is for tables with a key, and " + task + " has none");
        }
        guard(tables, shown);
        return new KeylessTable(
                        tables,
                        choice.repair() ? KeylessTable.Repairs.ALL : KeylessTable.Repairs.NOTHING,
                        tables.expectedSourceRows(),
                        clock)
                .run(clock, task, shown);
    }

    /**
     * What was sent of a table without a key.
     *
     * @param rows how many the source has
     * @param sent how many changes were written, so that the destination has the same
     */
    public record SentRows(long rows, long sent) {}

    /** Sends the rows that the destination lacks of a table without a key, each as often as it lacks it. */
    public SentRows sendMissing(StreamTables table, String task, Console shown)
            throws OutageException, InterruptedException {
        return send(table, KeylessTable.Repairs.MISSING, task, shown);
    }

    /** The same, and deletes those that only the destination has. */
    public SentRows sendDifferences(StreamTables table, String task, Console shown)
            throws OutageException, InterruptedException {
        return send(table, KeylessTable.Repairs.ALL, task, shown);
    }

    private SentRows send(StreamTables table, KeylessTable.Repairs repairs, String task, Console shown)
            throws OutageException, InterruptedException {
        if (repairs == KeylessTable.Repairs.ALL) {
            guard(table, shown);
        }
        KeylessTable keyless = new KeylessTable(table, repairs, table.expectedSourceRows(), clock);
        VerifyReport report = keyless.run(clock, task, shown);
        if (report.left() > 0 && !keyless.isRejected()) {
            throw new CommandFailedException(task + ": " + report.left() + " rows still differ; run "
                    + Programs.command("verify") + " to see them");
        }
        return new SentRows(report.rows(), keyless.sent());
    }

    private long deadLetters(StreamTables tables, List<RegisteredTable> wanted)
            throws OutageException, InterruptedException {
        return wanted.isEmpty()
                ? 0
                : new PatientTopics(wanted.get(0).settings(tables.settings()), clock).deadLettersEver();
    }

    /** Extra rows can be those of another stream. */
    private void guard(StreamTables tables, Console shown) throws OutageException {
        DeletionGuard guard = new DeletionGuard(tables, choice.where().isPresent(), choice.confirmed(), shown);
        if (!choice.repair()) {
            guard.mentionForeignRows();
            return;
        }
        guard.refuseForeignRows();
        if (!guard.permits("Repair, and delete every row that only the destination has?")) {
            throw new CommandFailedException("nothing was compared or repaired: say which rows with --where SQL");
        }
    }
}
