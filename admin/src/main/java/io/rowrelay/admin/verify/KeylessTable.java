package io.rowrelay.admin.verify;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.verify.Difference.Kind;
import io.rowrelay.admin.verify.RowCounts.Alike;
import io.rowrelay.admin.verify.RowCounts.Both;
import io.rowrelay.admin.verify.RowCounts.Sum;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.StreamLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares how often each row is in a table without a key on both sides, and sends as many as are missing, or deletes as many as are
 * too many. That is right whatever happens meanwhile, since only the number of equal rows counts, and each change adds to it or takes
 * from it. A deletion that overtakes the row that it needs is found by the next look. Not thread-safe.
 */
final class KeylessTable {
    /** Rows of a bucket, about, and of what is looked at together. */
    private static final int ROWS = 20_000;

    private static final int MOST_ROUNDS = 5;

    private final StreamTables tables;
    private final Repairs repairs;
    private final RowCounts counts;
    private final PatientTopics topics;
    private final CatchUp catchUp;
    private final VerifyReport report;
    private final long mask;
    private long sent;
    private boolean rejected;

    /** Which rows are repaired. */
    enum Repairs {
        NOTHING,
        MISSING,
        ALL
    }

    KeylessTable(StreamTables tables, Repairs repairs, long expectedRows, CommandClock clock) throws OutageException {
        this.tables = tables;
        this.repairs = repairs;
        this.counts = new RowCounts(tables);
        this.topics = new PatientTopics(tables.settings(), clock);
        this.catchUp = new CatchUp(tables, topics, clock);
        this.report = new VerifyReport(tables.stream(), counts.scope(), Optional.empty());
        this.mask = Math.max(64, Long.highestOneBit(expectedRows / ROWS) * 2) - 1;
    }

    /** Does it; the task is what a bar shows. */
    VerifyReport run(CommandClock clock, String task, Console console) throws OutageException, InterruptedException {
        Duration begun = clock.now();
        lock();
        try (Progress progress = console.progress(task, 0, "rows")) {
            // Changes of an earlier repair are no changes of the source: they must have arrived.
            catchUp.await(progress);
            Both<Sum> both = counts.sums(mask);
            long rows = both.source().values().stream().mapToLong(Sum::rows).sum();
            progress.step(rows);
            if (!groups(both).isEmpty()) {
                catchUp.await(progress);
                compare(progress);
            }
            report.finished(rows, clock.since(begun));
        }
        return report;
    }

    /** Whether what is left is so since the destination rejected changes: they are dead letters. */
    boolean isRejected() {
        return rejected;
    }

    /** How many changes were written. */
    long sent() {
        return sent;
    }

    private void lock() throws OutageException {
        StreamLock lock =
                StreamLock.ofBackfill(tables.stream() + "/" + tables.settings().sourceTable());
        // Also to look: a repair that is on its way would be taken for a change of the source.
        if (!tables.source()
                .run("taking the lock of a table", session -> lock.tryTake(session) || isOwn(lock, session))) {
            throw new CommandFailedException("another command compares or sends rows of "
                    + tables.settings().sourceTable() + ": try again when it has ended");
        }
    }

    /** Whether this very session holds it, from an earlier look. */
    private static boolean isOwn(StreamLock lock, Connection session) throws SQLException {
        int own = Query.one(session, "SELECT pg_backend_pid()", row -> row.getInt(1));
        return lock.holder(session).filter(holder -> holder.pid() == own).isPresent();
    }

    private void compare(Progress progress) throws OutageException, InterruptedException {
        long letters = topics.deadLettersEver();
        for (int round = 0; ; round++) {
            // What the destination rejects, it would reject each time.
            rejected = topics.deadLettersEver() != letters;
            boolean repairing = round < MOST_ROUNDS && !rejected;
            long left = 0;
            long written = 0;
            for (List<Long> group : groups(counts.sums(mask))) {
                Both<Long> both = counts.counts(mask, group);
                List<Alike> missing = more(both.source(), both.destination());
                List<Alike> extra = more(both.destination(), both.source());
                if (round == 0) {
                    found(Kind.MISSING, missing, progress);
                    found(Kind.EXTRA, extra, progress);
                }
                left += rows(missing) + (repairs == Repairs.MISSING ? 0 : rows(extra));
                if (repairing) {
                    written += repair(missing, extra);
                }
            }
            sent += written;
            if (written == 0) {
                report.left((int) Math.min(left, Integer.MAX_VALUE));
                return;
            }
            catchUp.await(progress);
        }
    }

    private long repair(List<Alike> missing, List<Alike> extra) throws OutageException {
        return switch (repairs) {
            case NOTHING -> 0;
            case MISSING -> missing.isEmpty() ? 0 : counts.writeInserts(missing);
            case ALL ->
                (missing.isEmpty() ? 0 : counts.writeInserts(missing))
                        + (extra.isEmpty() ? 0 : counts.writeDeletes(extra));
        };
    }

    private void found(Kind kind, List<Alike> alike, Progress progress) {
        long rows = rows(alike);
        if (rows > 0) {
            ReportedDifference difference = new ReportedDifference(
                    kind, List.of("rows without a key"), List.of("" + rows), List.of(), List.of(), List.of());
            report.found(difference, rows);
            progress.say(difference.line());
        }
    }

    private static long rows(List<Alike> alike) {
        return alike.stream().mapToLong(Alike::rows).sum();
    }

    private static List<Alike> more(Map<Long, Long> here, Map<Long, Long> there) {
        List<Alike> more = new ArrayList<>();
        here.forEach((hash, rows) -> {
            long further = rows - there.getOrDefault(hash, 0L);
            if (further > 0) {
                more.add(new Alike(hash, further));
            }
        });
        return more;
    }

    /** The buckets that differ, some at a time. */
    private static List<List<Long>> groups(Both<Sum> both) {
        Map<Long, Long> differing = new TreeMap<>();
        Set<Long> all = new HashSet<>(both.source().keySet());
        all.addAll(both.destination().keySet());
        for (Long bucket : all) {
            Sum here = both.source().get(bucket);
            Sum there = both.destination().get(bucket);
            if (!Objects.equals(here, there)) {
                differing.put(bucket, Math.max(here == null ? 0 : here.rows(), there == null ? 0 : there.rows()));
            }
        }
        List<List<Long>> groups = new ArrayList<>();
        long rows = ROWS;
        for (Map.Entry<Long, Long> bucket : differing.entrySet()) {
            if (rows >= ROWS) {
                groups.add(new ArrayList<>());
                rows = 0;
            }
            groups.get(groups.size() - 1).add(bucket.getKey());
            rows += bucket.getValue();
        }
        return groups;
    }
}
