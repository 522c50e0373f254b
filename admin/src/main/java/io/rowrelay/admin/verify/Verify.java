package io.rowrelay.admin.verify;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.SourceTable;
import io.rowrelay.admin.verify.SuspectCheck.Judgement;
import io.rowrelay.common.runtime.OutageException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares source and destination, whole or in part, while applications write and the daemons work, and says of each row that
 * differs how. Reads only, unless told to repair.
 */
public final class Verify {
    /** So many keys are held and judged at once; the memory for them ends there. */
    private static final int MOST_SUSPECTS = 10_000;

    private static final int VALUES_AT_ONCE = 100;

    private final ComparedTables sides;
    private final Repair repair;
    private final SourceTable source;
    private final DestinationTable destination;
    private final SuspectCheck judge;
    private final VerifyOptions options;
    private final Console console;
    private final VerifyReport report;
    private final Set<RowKey> suspects = new LinkedHashSet<>();

    /**
     * For one comparison.
     *
     * @param source to write repairs through
     * @param destination to say why one has no effect
     */
    public Verify(
            String stream,
            ComparedTables sides,
            SourceTable source,
            DestinationTable destination,
            CatchUp passage,
            VerifyOptions options,
            Console console) {
        this.sides = sides;
        this.repair = new Repair(source);
        this.source = source;
        this.destination = destination;
        this.judge = new SuspectCheck(sides, passage);
        this.options = options;
        this.console = console;
        this.report = new VerifyReport(stream, sides.scope(), options.where());
    }

    /** Does it. */
    public VerifyReport run() throws OutageException, InterruptedException {
        long begun = System.nanoTime();
        try (Progress progress = console.progress("compared", sides.source().expected(), "rows")) {
            Scan scan = new Scan(
                    sides.source(),
                    sides.destination(),
                    sides.sameOrder(),
                    options.chunk(),
                    progress::step,
                    key -> suspect(key, progress));
            long rows = scan.run();
            settle(progress);
            report.finished(rows, (System.nanoTime() - begun) / 1e9);
        }
        if (options.repair() && report.left() > 0) {
            report.causes(destination.hazards());
        }
        report.lines(options.repair()).forEach(console::say);
        if (options.repair() && report.left() > 0) {
            sayWhetherFenced();
        }
        return report;
    }

    private void suspect(RowKey key, Progress progress) throws OutageException, InterruptedException {
        suspects.add(key);
        if (suspects.size() >= MOST_SUSPECTS) {
            settle(progress);
        }
    }

    private void settle(Progress progress) throws OutageException, InterruptedException {
        Judgement judged = judge.judge(suspects, progress);
        suspects.clear();
        report.open(judged.open());
        tell(judged.differences(), progress);
        if (options.repair() && !judged.differences().isEmpty()) {
            repair.run(judged.differences(), progress);
            Judgement again = judge.judge(
                    judged.differences().stream().map(Difference::key).toList(), progress);
            report.left(again.differences().size());
            report.open(again.open());
        } else {
            report.left(judged.differences().size());
        }
    }

    private void tell(List<Difference> differences, Progress progress) throws OutageException {
        Map<RowKey, List<String>> here = new HashMap<>();
        Map<RowKey, List<String>> there = new HashMap<>();
        List<RowKey> shown = options.values()
                ? differences.stream()
                        .filter(each -> each.kind() == Difference.Kind.DIFFERENT)
                        .map(Difference::key)
                        .toList()
                : List.of();
        for (int from = 0; from < shown.size(); from += VALUES_AT_ONCE) {
            List<RowKey> part = shown.subList(from, Math.min(shown.size(), from + VALUES_AT_ONCE));
            here.putAll(sides.source().values(part));
            there.putAll(sides.destination().values(part));
        }
        for (Difference difference : differences) {
            RowKey key = difference.key();
            boolean both = here.containsKey(key) && there.containsKey(key);
            ReportedDifference finding = ReportedDifference.of(
                    difference,
                    sides,
                    both ? here.getOrDefault(key, List.of()) : List.of(),
                    both ? there.getOrDefault(key, List.of()) : List.of());
            report.found(finding);
            progress.say(finding.line());
        }
    }

    /** The row of a change that never was is taken for newer than every change to come. */
    private void sayWhetherFenced() throws OutageException {
        // In this order: what is applied meanwhile was numbered before.
        long shown = destination.highestActionId();
        long last = source.lastActionId();
        if (shown > last) {
            console.say("The destination shows change " + shown + ", but the last action_id of the source is " + last
                    + ": changes of such rows are taken for old ones and have no effect. In the destination, set action_id"
                    + " to NULL in the rows of the table, and delete the rows of cdc_tombstone for this stream, where"
                    + " action_id > " + last + ". Then repair again.");
        }
    }
}
