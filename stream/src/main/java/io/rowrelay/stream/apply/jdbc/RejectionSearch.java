package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Applies what the destination takes of a batch that it rejected as a whole, inside the transaction that is open, and finds
 * the changes that it rejects by themselves. Used once.
 *
 * <p>A few large parts are written at once; of a part that is rejected each change is tried by itself and undone, and what
 * passed is written together. So a batch with one bad record costs little more than a good one, and no transaction has
 * more than a few dozen subtransactions with writes of their own: from 64 on they would slow down every other session of
 * the server.
 */
public final class RejectionSearch {
    private static final int PARTS = 32;
    private static final int SMALLEST_PART = 16;
    /** Longer chains of rows that wait for each other are not resolved. */
    private static final int MOST_PASSES = 8;

    private final Connection connection;
    private final RowWriter writer;
    private final Savepoints savepoints;
    private final ProbeOnServer probe;
    private final List<RejectedChange> rejected = new ArrayList<>();
    private int applied;

    /** The transaction of the connection is open. */
    public RejectionSearch(Connection connection, RowWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.savepoints = new Savepoints(connection);
        this.probe = new ProbeOnServer(connection, writer);
    }

    /** Applies; a key whose newest change is rejected shows the newest one that is not. */
    public void run(NewestPerKey byKey) throws SQLException {
        List<ValidChange> pending = byKey.newest();
        while (!pending.isEmpty()) {
            List<RejectedChange> now = retry(writeInParts(oldestFirst(pending)));
            rejected.addAll(now);
            pending = now.stream()
                    .flatMap(rejection -> byKey.before(rejection.change()).stream())
                    .toList();
        }
    }

    /** How many changes took effect. */
    public int applied() {
        return applied;
    }

    /** Those that it does not take. */
    public List<RejectedChange> rejected() {
        return List.copyOf(rejected);
    }

    /** Rows that depend on each other pass most easily in the order in which they were made. */
    private static List<ValidChange> oldestFirst(List<ValidChange> changes) {
        return changes.stream()
                .sorted(Comparator.comparingLong(ValidChange::actionId))
                .toList();
    }

    private List<RejectedChange> writeInParts(List<ValidChange> changes) throws SQLException {
        List<RejectedChange> found = new ArrayList<>();
        int size = Math.max(SMALLEST_PART, (changes.size() + PARTS - 1) / PARTS);
        for (int from = 0; from < changes.size(); from += size) {
            List<ValidChange> part = changes.subList(from, Math.min(from + size, changes.size()));
            if (attempt(part).isPresent()) {
                found.addAll(separate(part));
            }
        }
        return found;
    }

    private List<RejectedChange> separate(List<ValidChange> changes) throws SQLException {
        List<RejectedChange> found = new ArrayList<>(probe.rejectedOf(changes));
        Set<ValidChange> bad = new HashSet<>();
        found.forEach(rejection -> bad.add(rejection.change()));
        List<ValidChange> good =
                changes.stream().filter(change -> !bad.contains(change)).toList();
        if (!good.isEmpty() && attempt(good).isPresent()) {
            // Each passes by itself, but not all of them together: so they are written one after the other.
            for (ValidChange change : good) {
                attempt(List.of(change)).ifPresent(failure -> found.add(RejectedChange.of(change, failure)));
            }
        }
        return found;
    }

    /** Tries those again that may pass because of rows which are there now, as long as any passes. */
    private List<RejectedChange> retry(List<RejectedChange> rejections) throws SQLException {
        List<RejectedChange> left = new ArrayList<>(rejections);
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            List<ValidChange> dependent = left.stream()
                    .filter(RejectedChange::speaksOfOtherRows)
                    .map(RejectedChange::change)
                    .toList();
            if (dependent.isEmpty()) {
                return left;
            }
            List<RejectedChange> still = separate(dependent);
            left.removeIf(RejectedChange::speaksOfOtherRows);
            left.addAll(still);
            if (still.size() == dependent.size()) {
                return left;
            }
        }
        return left;
    }

    private Optional<SQLException> attempt(List<ValidChange> changes) throws SQLException {
        int[] effective = new int[1];
        Optional<SQLException> failure = savepoints.attempt(() -> effective[0] = writer.writeJson(connection, changes));
        if (failure.isEmpty()) {
            applied += effective[0];
        }
        return failure;
    }
}
