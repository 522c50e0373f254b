package io.rowrelay.it.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the writers committed, by their own account. Safe for any thread; each key has one writer. */
final class History {
    private final Map<Integer, List<Change>> byKey = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> rows = new ConcurrentHashMap<>();
    private final AtomicInteger stamps = new AtomicInteger();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();

    /** A number that no row shows yet. */
    int nextStamp() {
        return stamps.incrementAndGet();
    }

    /** A number for a transaction. */
    long nextTransaction() {
        return transactions.incrementAndGet();
    }

    void committed(List<Change> transaction) {
        committed.incrementAndGet();
        changes.addAndGet(transaction.size());
        for (Change change : transaction) {
            byKey.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(change);
            if (change.kind() == Change.Kind.DELETE) {
                rows.remove(change.key());
            } else {
                rows.put(change.key(), change.stamp());
            }
        }
    }

    /** The changes of each key in their order; to be read when the writers have ended. */
    Map<Integer, List<Change>> byKey() {
        return byKey;
    }

    /** The rows that there must be, with their stamps. */
    Map<Integer, Integer> rows() {
        return rows;
    }

    @Override
    public String toString() {
        return "%d transactions, %d of them committed, %d changes of %d keys, %d rows"
                .formatted(transactions.get(), committed.get(), changes.get(), byKey.size(), rows.size());
    }
}
