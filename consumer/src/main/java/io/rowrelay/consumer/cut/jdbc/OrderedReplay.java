package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.cut.jdbc.WindowChanges.TableChange;
import io.rowrelay.stream.apply.jdbc.Savepoints;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes in the order in which the source made them, which got by all its constraints: who waited for another in a unique index
 * or on a row took the larger action_id. Statements inside other statements can have the smaller one, so what is in the way of another
 * change is tried again behind it. A change that stays in the way is left out: the caller writes the newest of each key afterwards.
 *
 * <p>A row is deleted once nothing that acts hangs on it, so that no action of a foreign key takes rows along which the windows say
 * nothing of. A key that changed is a deletion and an insertion. They are one statement here, since the deletion would act on rows that hang on
 * the key. Which deletion of a transaction belongs to which insertion is a guess: whatever hangs on them has changed in the source as
 * well, and gets its own image. Not thread-safe.
 */
final class OrderedReplay {
    /** From 64 on, subtransactions with writes slow down every other session. */
    private static final int PARTS = 32;

    private static final int SMALLEST_PART = 16;
    private static final int MOST_PASSES = 50;

    private final Connection connection;
    private final CutTables tables;
    private final Savepoints savepoints;
    private final Set<Step> waiting = new LinkedHashSet<>();

    OrderedReplay(Connection connection, CutTables tables) {
        this.connection = connection;
        this.tables = tables;
        this.savepoints = new Savepoints(connection);
    }

    /**
     * One row to write.
     *
     * @param formerKey the deletion of the key that the row had before, or null
     */
    private record Step(
            CutTable table, ValidChange change, @Nullable ValidChange formerKey) {
        boolean deletes() {
            return change.action() == Action.DELETE;
        }

        String row() {
            return table.name() + "\n" + change.key();
        }
    }

    void run(WindowChanges changes) throws SQLException, OutageException {
        changes.inOrder(part -> {
            List<Step> steps = steps(part);
            int size = Math.max(SMALLEST_PART, (steps.size() + PARTS - 1) / PARTS);
            for (int from = 0; from < steps.size(); from += size) {
                write(steps.subList(from, Math.min(from + size, steps.size())));
            }
        });
        retry();
    }

    private List<Step> steps(List<TableChange> changes) {
        IdentityHashMap<ValidChange, ValidChange> formerKeys = formerKeys(changes);
        Set<ValidChange> moved = Collections.newSetFromMap(new IdentityHashMap<>());
        moved.addAll(formerKeys.values());
        return changes.stream()
                .filter(each -> !moved.contains(each.change()))
                .map(each -> new Step(tables.get(each.table()), each.change(), formerKeys.get(each.change())))
                .toList();
    }

    /** The deletions that belong to insertions: a statement's deletions come right before its insertions, in the same order. */
    private IdentityHashMap<ValidChange, ValidChange> formerKeys(List<TableChange> changes) {
        IdentityHashMap<ValidChange, ValidChange> formerKeys = new IdentityHashMap<>();
        Map<String, KeyChanges> open = new HashMap<>();
        for (TableChange each : changes) {
            if (tables.get(each.table()).rules().acting()) {
                open.computeIfAbsent(each.xid() + " " + each.table(), first -> new KeyChanges())
                        .take(each.change(), formerKeys);
            }
        }
        open.values().forEach(left -> left.end(formerKeys));
        return formerKeys;
    }

    /** Deletions of a transaction in a table, and the insertions right behind them. */
    private static final class KeyChanges {
        private final List<ValidChange> deleted = new ArrayList<>();
        private final List<ValidChange> inserted = new ArrayList<>();

        void take(ValidChange change, IdentityHashMap<ValidChange, ValidChange> formerKeys) {
            if (change.action() == Action.DELETE) {
                if (!inserted.isEmpty()) {
                    end(formerKeys);
                }
                deleted.add(change);
            } else if (change.action() == Action.INSERT) {
                inserted.add(change);
            }
        }

        /** What was only deleted comes before. */
        void end(IdentityHashMap<ValidChange, ValidChange> formerKeys) {
            int pairs = Math.min(deleted.size(), inserted.size());
            for (int i = 0; i < pairs; i++) {
                formerKeys.put(inserted.get(i), deleted.get(deleted.size() - pairs + i));
            }
            deleted.clear();
            inserted.clear();
        }
    }

    /** Halves what does not pass, down to the single change. */
    private void write(List<Step> steps) throws SQLException {
        if (attempt(steps)) {
            retry();
        } else if (steps.size() == 1) {
            waiting.add(steps.get(0));
        } else {
            write(steps.subList(0, steps.size() / 2));
            write(steps.subList(steps.size() / 2, steps.size()));
        }
    }

    private boolean attempt(List<Step> steps) throws SQLException {
        Optional<SQLException> failure = savepoints.attempt(() -> run(steps));
        if (failure.isPresent()) {
            return false;
        }
        Set<String> written = new HashSet<>();
        steps.forEach(step -> written.add(step.row()));
        // An older change of the same row must not come behind it.
        waiting.removeIf(step -> written.contains(step.row()));
        return true;
    }

    private void run(List<Step> steps) throws SQLException {
        List<ValidChange> alike = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        @Nullable Step last = null;
        for (Step step : steps) {
            boolean goesWith = last != null
                    && step.formerKey() == null
                    && step.table().name().equals(last.table().name())
                    && step.deletes() == last.deletes()
                    && !keys.contains(step.change().key());
            if (!goesWith) {
                flush(last, alike, keys);
            }
            if (step.formerKey() == null) {
                alike.add(step.change());
                keys.add(step.change().key());
                last = step;
            } else {
                step.table().writer().moveKey(connection, step.formerKey(), step.change());
                last = null;
            }
        }
        flush(last, alike, keys);
    }

    private void flush(@Nullable Step last, List<ValidChange> alike, Set<String> keys) throws SQLException {
        if (last != null && !alike.isEmpty()) {
            CutTable table = last.table();
            if (!last.deletes() || !table.rules().acting()) {
                table.writer().writeJson(connection, List.copyOf(alike));
            } else if (table.writer()
                            .deleteWhere(connection, alike, table.rules().free())
                    < alike.size()) {
                throw SqlFailures.otherRowInTheWay();
            }
        }
        alike.clear();
        keys.clear();
    }

    private void retry() throws SQLException {
        for (int pass = 0; pass < MOST_PASSES && !waiting.isEmpty(); pass++) {
            int before = waiting.size();
            for (Step step : List.copyOf(waiting)) {
                if (waiting.remove(step) && !attempt(List.of(step))) {
                    waiting.add(step);
                }
            }
            if (waiting.size() == before) {
                return;
            }
        }
    }
}
