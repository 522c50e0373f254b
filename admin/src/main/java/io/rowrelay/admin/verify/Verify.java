package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.verify.SuspectCheck.Checked;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares source and destination, whole or in part, while applications write and the daemons work, and says of each row that
 * differs how. Reads only, unless there is a repair.
 */
final class Verify {
    /** Keeps and checks at most this many keys at once, which bounds the memory. */
    private static final int MOST_SUSPECTS = 10_000;

    private static final int VALUES_AT_ONCE = 100;

    private final ComparedTables tables;
    private final SuspectCheck check;
    private final Optional<Repair> repair;
    private final boolean showValues;
    private final VerifyReport report;
    private final Set<RowKey> suspects = new LinkedHashSet<>();

    /** For one comparison, whose result goes into the report. */
    Verify(
            ComparedTables tables,
            SuspectCheck check,
            Optional<Repair> repair,
            boolean showValues,
            VerifyReport report) {
        this.tables = tables;
        this.check = check;
        this.repair = repair;
        this.showValues = showValues;
        this.report = report;
    }

    /** Does it, the given number of rows at a time; the task is what a bar shows. */
    void run(int chunk, CommandClock clock, String task, Console console) throws OutageException, InterruptedException {
        Duration begun = clock.now();
        try (Progress progress = console.progress(task, tables.source().expected(), "rows")) {
            Scan scan = new Scan(tables.source(), tables.destination(), tables.sameOrder(), chunk, new Scan.Listener() {
                @Override
                public void compared(long rows) {
                    progress.step(rows);
                }

                @Override
                public void differs(RowKey key) throws OutageException, InterruptedException {
                    suspect(key, progress);
                }
            });
            long rows = scan.run();
            settle(progress);
            report.finished(rows, clock.since(begun));
        }
        if (repair.isPresent() && report.left() > 0) {
            report.obstacles(repair.get().obstacles());
        }
    }

    private void suspect(RowKey key, Progress progress) throws OutageException, InterruptedException {
        suspects.add(key);
        if (suspects.size() >= MOST_SUSPECTS) {
            settle(progress);
        }
    }

    private void settle(Progress progress) throws OutageException, InterruptedException {
        Checked checked = check.check(suspects, progress);
        suspects.clear();
        report.undecided(checked.undecided());
        report(checked.differences(), progress);
        if (repair.isPresent() && !checked.differences().isEmpty()) {
            repair.get().run(checked.differences(), progress);
            List<RowKey> repaired =
                    checked.differences().stream().map(Difference::key).toList();
            Checked again = check.check(repaired, progress);
            report.left(again.differences().size());
            report.undecided(again.undecided());
        } else {
            report.left(checked.differences().size());
        }
    }

    private void report(List<Difference> differences, Progress progress) throws OutageException {
        Map<RowKey, List<String>> here = new HashMap<>();
        Map<RowKey, List<String>> there = new HashMap<>();
        List<RowKey> shown = showValues
                ? differences.stream()
                        .filter(each -> each.kind() == Difference.Kind.DIFFERENT)
                        .map(Difference::key)
                        .toList()
                : List.of();
        for (int from = 0; from < shown.size(); from += VALUES_AT_ONCE) {
            List<RowKey> part = shown.subList(from, Math.min(shown.size(), from + VALUES_AT_ONCE));
            here.putAll(tables.source().values(part));
            there.putAll(tables.destination().values(part));
        }
        for (Difference difference : differences) {
            RowKey key = difference.key();
            boolean both = here.containsKey(key) && there.containsKey(key);
            ReportedDifference reported = ReportedDifference.of(
                    difference,
                    tables,
                    both ? here.getOrDefault(key, List.of()) : List.of(),
                    both ? there.getOrDefault(key, List.of()) : List.of());
            report.found(reported);
            progress.say(reported.line());
        }
    }
}
