package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Change.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session's rows are, and what its open transaction has changed, so that it can be taken back. Not thread-safe. */
final class OwnRows {
    /** A change, and what the key showed before it: null is no row. */
    private record Step(Change change, @Nullable Integer before) {}

    private final Map<Integer, Integer> rows = new HashMap<>();
    private final List<Step> open = new ArrayList<>();

    boolean has(int key) {
        return rows.containsKey(key);
    }

    /** Those of the keys {@code from} up to {@code to} that are rows, or that are not. */
    List<Integer> keys(int from, int to, boolean present) {
        List<Integer> found = new ArrayList<>();
        for (int key = from; key < to; key++) {
            if (has(key) == present) {
                found.add(key);
            }
        }
        return found;
    }

    void write(List<Integer> keys, int stamp) {
        for (int key : keys) {
            note(new Change(has(key) ? Kind.UPDATE : Kind.INSERT, key, stamp), stamp);
        }
    }

    void delete(List<Integer> keys) {
        for (int key : keys) {
            note(new Change(Kind.DELETE, key, stamp(key)), null);
        }
    }

    /** Moves rows to keys that are not rows. */
    void move(List<Integer> keys, int distance) {
        for (int key : keys) {
            int stamp = stamp(key);
            note(new Change(Kind.DELETE, key, stamp), null);
            note(new Change(Kind.INSERT, key + distance, stamp), stamp);
        }
    }

    /** What a row says; zero where there is none. */
    int stamp(int key) {
        return rows.getOrDefault(key, 0);
    }

    private void note(Change change, @Nullable Integer after) {
        open.add(new Step(change, show(change.key(), after)));
    }

    private @Nullable Integer show(int key, @Nullable Integer stamp) {
        return stamp == null ? rows.remove(key) : rows.put(key, stamp);
    }

    /** How much has been changed, to come back to. */
    int mark() {
        return open.size();
    }

    void backTo(int mark) {
        while (open.size() > mark) {
            Step last = open.remove(open.size() - 1);
            show(last.change().key(), last.before());
        }
    }

    /** Ends the transaction; returns its changes in their order. */
    List<Change> commit() {
        List<Change> changes = open.stream().map(Step::change).toList();
        open.clear();
        return changes;
    }
}
