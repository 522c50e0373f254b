package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table in memory, whose keys are numbers and whose rows are their hashes; it knows how much was looked at at once. */
final class NumberedTable implements HashedTable {
    /** The hash of rows that the condition is not true for. */
    static final long NOT_COMPARED = -1;

    final NavigableMap<Integer, Long> rows = new TreeMap<>();
    int mostLookedAt;
    int listed;

    void put(int key, long hash) {
        rows.put(key, hash);
    }

    static int number(RowKey key) {
        return Integer.parseInt(key.values().get(0));
    }

    private static RowKey key(int number) {
        return new RowKey(List.of(Integer.toString(number)));
    }

    private NavigableMap<Integer, Long> in(KeyRange range, int most) {
        RowKey after = range.after();
        RowKey upTo = range.upTo();
        NavigableMap<Integer, Long> found = new TreeMap<>();
        rows.entrySet().stream()
                .filter(row -> after == null || row.getKey() > number(after))
                .filter(row -> upTo == null || row.getKey() <= number(upTo))
                .limit(most)
                .forEach(row -> found.put(row.getKey(), row.getValue()));
        mostLookedAt = Math.max(mostLookedAt, found.size());
        return found;
    }

    @Override
    public @Nullable RowKey boundary(KeyRange range, int most) {
        NavigableMap<Integer, Long> found = in(range, most);
        return found.size() < most ? null : key(found.lastKey());
    }

    @Override
    public Fingerprint fingerprint(KeyRange range, int most) {
        NavigableMap<Integer, Long> found = in(range, most);
        long[] compared = found.entrySet().stream()
                .filter(row -> row.getValue() != NOT_COMPARED)
                .mapToLong(row -> 1_000_003L * row.getKey() + row.getValue())
                .toArray();
        long hash = 0;
        for (long row : compared) {
            hash ^= row;
        }
        return new Fingerprint(compared.length, hash, found.size());
    }

    @Override
    public Map<RowKey, Long> hashes(KeyRange range) {
        listed++;
        Map<RowKey, Long> hashes = new LinkedHashMap<>();
        in(range, Integer.MAX_VALUE).forEach((key, hash) -> {
            if (hash != NOT_COMPARED) {
                hashes.put(key(key), hash);
            }
        });
        return hashes;
    }

    @Override
    public Map<RowKey, Long> hashesOf(List<RowKey> keys) {
        Map<RowKey, Long> hashes = new LinkedHashMap<>();
        for (RowKey key : keys) {
            Long hash = rows.get(number(key));
            if (hash != null && hash != NOT_COMPARED) {
                hashes.put(key, hash);
            }
        }
        return hashes;
    }
}
