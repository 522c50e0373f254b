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
 * Observations at suspect keys again until it is known of each whether the sides differ: mostly they differed because a change was on
 * its way. Not thread-safe.
 */
final class SuspectCheck {
    /** A key that changes so often that no look finds it at rest is not judged. */
    private static final int MOST_ROUNDS = 50;

    private final ComparedTable source;
    private final SourceSnapshots snapshots;
    private final ComparedTable destination;
    private final CatchUp passage;

    SuspectCheck(ComparedTables sides, CatchUp passage) {
        this.source = sides.source();
        this.snapshots = sides.snapshots();
        this.destination = sides.destination();
        this.passage = passage;
    }

    /**
     * What became of suspects.
     *
     * @param differences each once, whatever text form its key was suspected in
     * @param open how many change all the time
     */
    record Judgement(List<Difference> differences, int open) {
        Judgement {
            differences = List.copyOf(differences);
        }
    }

    /** Judges them all. */
    Judgement judge(Collection<RowKey> suspects, Progress progress) throws OutageException, InterruptedException {
        Map<RowKey, Difference> found = new LinkedHashMap<>();
        List<RowKey> open = withoutThoseThatHaveArrived(List.copyOf(suspects));
        for (int round = 0; round < MOST_ROUNDS && !open.isEmpty(); round++) {
            open = round(open, found, progress);
        }
        return new Judgement(List.copyOf(found.values()), open.size());
    }

    private List<RowKey> withoutThoseThatHaveArrived(List<RowKey> keys) throws OutageException {
        Map<RowKey, RowState> here = source.states(keys);
        Map<RowKey, RowState> there = destination.states(keys);
        return keys.stream()
                .filter(key -> !RowState.alike(here.get(key), there.get(key)))
                .toList();
    }

    private List<RowKey> round(List<RowKey> keys, Map<RowKey, Difference> found, Progress progress)
            throws OutageException, InterruptedException {
        Map<RowKey, RowState> before = destination.states(keys);
        SourceSnapshots.Read read = snapshots.read(keys);
        passage.await(read.snapshot(), progress);
        Map<RowKey, RowState> shown = destination.states(keys);
        Map<RowKey, RowState> after = source.states(keys);
        Map<String, RowState> changes = snapshots.changesAfter(read.snapshot(), actionIds(shown.values()));
        List<RowKey> open = new ArrayList<>();
        for (RowKey key : keys) {
            RowState there = shown.get(key);
            Observations looks = new Observations(
                    before.get(key),
                    read.states().get(key),
                    there,
                    after.get(key),
                    there == null ? null : changes.get(there.version()));
            looks.difference().ifPresent(difference -> found.put(difference.key(), difference));
            if (!looks.same() && looks.difference().isEmpty()) {
                open.add(key);
            }
        }
        return open;
    }

    private static List<String> actionIds(Collection<RowState> shown) {
        return shown.stream()
                .map(RowState::version)
                .filter(version -> !version.isEmpty())
                .distinct()
                .toList();
    }
}
