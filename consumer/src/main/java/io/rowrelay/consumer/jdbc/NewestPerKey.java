package io.rowrelay.consumer.jdbc;

import io.rowrelay.consumer.apply.ChangeEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The changes of a batch by key, newest first: only the newest needs to be applied, unless the destination refuses it,
 * then the next older. Not thread-safe.
 */
final class NewestPerKey {
    private final Map<String, Deque<ChangeEvent>> byKey = new LinkedHashMap<>();

    NewestPerKey(List<ChangeEvent> events) {
        List<ChangeEvent> newestFirst = new ArrayList<>(events);
        newestFirst.sort(Comparator.comparingLong(ChangeEvent::actionId).reversed());
        for (ChangeEvent event : newestFirst) {
            byKey.computeIfAbsent(event.key(), key -> new ArrayDeque<>(1)).add(event);
        }
    }

    /** Returns one change of each key. */
    List<ChangeEvent> newest() {
        return byKey.values().stream().map(Deque::getFirst).toList();
    }

    /** Drops a change that was its key's newest, and returns the one before it. */
    Optional<ChangeEvent> before(ChangeEvent refused) {
        Deque<ChangeEvent> changes = byKey.getOrDefault(refused.key(), new ArrayDeque<>());
        changes.poll();
        return Optional.ofNullable(changes.peek());
    }
}
