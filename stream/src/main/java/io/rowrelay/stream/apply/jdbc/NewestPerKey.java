package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The changes of a batch by key, newest first: only the newest needs to be applied, unless the destination rejects it,
 * then the next older. Not thread-safe.
 */
public final class NewestPerKey {
    private final Map<String, Deque<ValidChange>> byKey = new LinkedHashMap<>();

    /** Takes changes in any order. */
    public NewestPerKey(List<ValidChange> changes) {
        List<ValidChange> newestFirst = new ArrayList<>(changes);
        newestFirst.sort(Comparator.comparingLong(ValidChange::actionId).reversed());
        for (ValidChange change : newestFirst) {
            byKey.computeIfAbsent(change.key(), key -> new ArrayDeque<>(1)).add(change);
        }
    }

    /** Returns one change of each key. */
    public List<ValidChange> newest() {
        return byKey.values().stream().map(Deque::getFirst).toList();
    }

    /** Drops a change that was its key's newest, and returns the one before it. */
    Optional<ValidChange> before(ValidChange rejected) {
        Deque<ValidChange> changes = byKey.getOrDefault(rejected.key(), new ArrayDeque<>());
        changes.poll();
        return Optional.ofNullable(changes.peek());
    }
}
