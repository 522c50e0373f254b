package io.rowrelay.admin.verify;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Observations at suspect keys again until it is known of each whether the tables differ: mostly they differed because a change was on
 * its way. Not thread-safe.
 */
record SuspectCheck(ComparedTables tables, CatchUp catchUp) {
    /** A key that changes so often that no look finds it at rest stays undecided. */
    private static final int MOST_ROUNDS = 50;

    /**
     * What became of suspects.
     *
     * @param differences each once, whatever text form its key was suspected in
     * @param undecided how many changed too often
     */
    record Checked(List<Difference> differences, int undecided) {
        Checked {
            differences = List.copyOf(differences);
        }
    }

    /** Checks them all. */
    Checked check(Collection<RowKey> suspects, Progress progress) throws OutageException, InterruptedException {
        Map<RowKey, Difference> found = new LinkedHashMap<>();
        List<RowKey> undecided = thatDifferStill(List.copyOf(suspects));
        for (int round = 0; round < MOST_ROUNDS && !undecided.isEmpty(); round++) {
            undecided = round(undecided, found, progress);
        }
        return new Checked(List.copyOf(found.values()), undecided.size());
    }

    private List<RowKey> thatDifferStill(List<RowKey> keys) throws OutageException {
        Map<RowKey, RowState> here = tables.source().states(keys);
        Map<RowKey, RowState> there = tables.destination().states(keys);
        return keys.stream()
                .filter(key -> !RowState.alike(here.get(key), there.get(key)))
                .toList();
    }

    private List<RowKey> round(List<RowKey> keys, Map<RowKey, Difference> found, Progress progress)
            throws OutageException, InterruptedException {
        Map<RowKey, RowState> before = tables.destination().states(keys);
        SourceSnapshots.Read read = tables.snapshots().read(keys);
        catchUp.await(read.snapshot(), progress);
        Map<RowKey, RowState> shown = tables.destination().states(keys);
        Map<RowKey, RowState> after = tables.source().states(keys);
        Map<String, RowState> changes = tables.fenced()
                ? tables.snapshots().changesAfter(read.snapshot(), actionIds(shown.values()))
                : Map.of();
        List<RowKey> undecided = new ArrayList<>();
        for (RowKey key : keys) {
            RowState there = shown.get(key);
            DifferenceRule seen = new DifferenceRule(
                    before.get(key),
                    read.states().get(key),
                    there,
                    after.get(key),
                    there == null ? null : changes.get(there.version()));
            seen.difference().ifPresent(difference -> found.put(difference.key(), difference));
            if (!seen.same() && seen.difference().isEmpty()) {
                undecided.add(key);
            }
        }
        return undecided;
    }

    private static List<String> actionIds(Collection<RowState> shown) {
        return shown.stream()
                .map(RowState::version)
                .filter(version -> !version.isEmpty())
                .distinct()
                .toList();
    }
}
