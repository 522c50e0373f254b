package io.rowrelay.consumer.jdbc;

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
 * Applies what the destination takes of a batch that it refused as a whole, inside the transaction that is open, and finds
 * the changes that it refuses by themselves. Used once.
 *
 * <p>Few large pieces are written at once; of a piece that is refused each change is tried by itself and undone, and what
 * passed is written together. So a batch with one bad record costs little more than a good one, and no transaction has
 * more than a few dozen subtransactions with writes of their own: from 64 on they would slow down every other session of
 * the server.
 */
final class RefusalSearch {
    private static final int PIECES = 32;
    private static final int SMALLEST_PIECE = 16;
    /** Rows that wait for each other in a longer chain than this are not sorted out. */
    private static final int MOST_PASSES = 8;

    private final Connection connection;
    private final RowWriter writer;
    private final Savepoints savepoints;
    private final RefusalProbe probe;
    private final List<Refusal> refused = new ArrayList<>();
    private int applied;

    RefusalSearch(Connection connection, RowWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.savepoints = new Savepoints(connection);
        this.probe = writer.table().probed()
                ? new ProbeOnServer(connection, writer)
                : new ProbeBySavepoints(connection, writer);
    }

    /** Applies; a key whose newest change is refused shows the newest one that is not. */
    void run(NewestPerKey byKey) throws SQLException {
        List<ValidChange> pending = byKey.newest();
        while (!pending.isEmpty()) {
            List<Refusal> now = settle(accept(oldestFirst(pending)));
            refused.addAll(now);
            pending = now.stream()
                    .flatMap(refusal -> byKey.before(refusal.event()).stream())
                    .toList();
        }
    }

    /** How many changes took effect. */
    int applied() {
        return applied;
    }

    List<Refusal> refused() {
        return List.copyOf(refused);
    }

    /** The order they were made in is the one in which rows that hang on each other pass most easily. */
    private static List<ValidChange> oldestFirst(List<ValidChange> events) {
        return events.stream()
                .sorted(Comparator.comparingLong(ValidChange::actionId))
                .toList();
    }

    private List<Refusal> accept(List<ValidChange> events) throws SQLException {
        List<Refusal> found = new ArrayList<>();
        int size = Math.max(SMALLEST_PIECE, (events.size() + PIECES - 1) / PIECES);
        for (int from = 0; from < events.size(); from += size) {
            List<ValidChange> piece = events.subList(from, Math.min(from + size, events.size()));
            if (attempt(piece).isPresent()) {
                found.addAll(sift(piece));
            }
        }
        return found;
    }

    private List<Refusal> sift(List<ValidChange> events) throws SQLException {
        List<Refusal> found = new ArrayList<>(probe.refusedOf(events));
        Set<ValidChange> bad = new HashSet<>();
        found.forEach(refusal -> bad.add(refusal.event()));
        List<ValidChange> good =
                events.stream().filter(event -> !bad.contains(event)).toList();
        if (!good.isEmpty() && attempt(good).isPresent()) {
            // Each is taken by itself, but not all of them together: one after the other, then.
            for (ValidChange event : good) {
                attempt(List.of(event)).ifPresent(failure -> found.add(Refusal.of(event, failure)));
            }
        }
        return found;
    }

    /** Tries those again that may have waited for rows which are there now, as long as that lets any pass. */
    private List<Refusal> settle(List<Refusal> refusals) throws SQLException {
        List<Refusal> settled = new ArrayList<>(refusals);
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            List<ValidChange> hanging = settled.stream()
                    .filter(Refusal::speaksOfOtherRows)
                    .map(Refusal::event)
                    .toList();
            if (hanging.isEmpty()) {
                return settled;
            }
            List<Refusal> still = sift(hanging);
            settled.removeIf(Refusal::speaksOfOtherRows);
            settled.addAll(still);
            if (still.size() == hanging.size()) {
                return settled;
            }
        }
        return settled;
    }

    private Optional<SQLException> attempt(List<ValidChange> events) throws SQLException {
        int[] effective = new int[1];
        Optional<SQLException> failure = savepoints.attempt(() -> effective[0] = writer.writeJson(connection, events));
        if (failure.isEmpty()) {
            applied += effective[0];
        }
        return failure;
    }
}
