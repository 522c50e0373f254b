package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ValidChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Changes in memory. Not thread-safe. */
final class HeldChanges implements WindowChanges {
    private final List<TableChange> ordered;
    private final Map<String, List<ValidChange>> deletions = new HashMap<>();
    private final Map<String, List<ValidChange>> images = new HashMap<>();
    private final Set<String> tables;

    /** Takes them in any order; {@code keyless} tells tables without a key. */
    HeldChanges(List<TableChange> changes, Predicate<String> keyless) {
        List<TableChange> sorted = new ArrayList<>(changes);
        sorted.sort(Comparator.comparingLong(each -> each.change().actionId()));
        Map<String, List<ValidChange>> byTable = new LinkedHashMap<>();
        for (TableChange each : sorted) {
            byTable.computeIfAbsent(each.table(), first -> new ArrayList<>()).add(each.change());
        }
        this.tables = Set.copyOf(byTable.keySet());
        byTable.forEach((table, ofTable) -> {
            List<ValidChange> left = keyless.test(table) ? net(ofTable) : newest(ofTable);
            deletions.put(table, only(left, true));
            images.put(table, only(left, false));
        });
        this.ordered =
                sorted.stream().filter(each -> !keyless.test(each.table())).toList();
    }

    /** In their order: then one that frees a unique value mostly comes before the one that takes it. */
    private static List<ValidChange> newest(List<ValidChange> changes) {
        Map<String, ValidChange> newest = new LinkedHashMap<>();
        for (ValidChange change : changes) {
            if (newest.put(change.key(), change) != null) {
                newest.remove(change.key());
                newest.put(change.key(), change);
            }
        }
        return List.copyOf(newest.values());
    }

    /** Takes of equal rows that were inserted and deleted only the difference. */
    private static List<ValidChange> net(List<ValidChange> changes) {
        Map<String, List<ValidChange>> byRow = new LinkedHashMap<>();
        for (ValidChange change : changes) {
            List<ValidChange> equal = byRow.computeIfAbsent(change.key(), first -> new ArrayList<>());
            boolean undoes = !equal.isEmpty() && isDeletion(equal.get(0)) != isDeletion(change);
            if (undoes) {
                equal.remove(equal.size() - 1);
            } else {
                equal.add(change);
            }
        }
        return byRow.values().stream().flatMap(List::stream).toList();
    }

    private static List<ValidChange> only(List<ValidChange> changes, boolean deletions) {
        return changes.stream()
                .filter(change -> isDeletion(change) == deletions)
                .toList();
    }

    private static boolean isDeletion(ValidChange change) {
        return change.action() == Action.DELETE;
    }

    @Override
    public Set<String> tables() {
        return tables;
    }

    @Override
    public void deletions(String table, Part<ValidChange> part) throws SQLException, OutageException {
        give(deletions.getOrDefault(table, List.of()), part);
    }

    @Override
    public void images(String table, Part<ValidChange> part) throws SQLException, OutageException {
        give(images.getOrDefault(table, List.of()), part);
    }

    @Override
    public void inOrder(Part<TableChange> part) throws SQLException, OutageException {
        give(ordered, part);
    }

    private static <T> void give(List<T> changes, Part<T> part) throws SQLException, OutageException {
        if (!changes.isEmpty()) {
            part.take(changes);
        }
    }
}
