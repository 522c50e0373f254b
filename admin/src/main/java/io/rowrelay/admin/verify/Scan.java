package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the whole table, a chunk at a time, and names the keys that differ at the moment. Where both sides order keys alike,
 * a chunk is a range of keys, and its fingerprint is all that is read while they agree. Where they may not, as with text in the
 * order of a locale, a chunk's keys are looked up one by one, and then those of the destination in the source. Not thread-safe.
 */
final class Scan {
    private static final KeyRange EVERYTHING = new KeyRange(null, null);

    private final HashedTable source;
    private final HashedTable destination;
    private final boolean sameOrder;
    private final int chunk;
    private final Listener listener;
    private long rows;

    /** Gets what the scan finds. */
    interface Listener {
        /** Adds rows that were compared. */
        void compared(long rows);

        /** The sides differ in the row of that key, at the moment. */
        void differs(RowKey key) throws OutageException, InterruptedException;
    }

    Scan(HashedTable source, HashedTable destination, boolean sameOrder, int chunk, Listener listener) {
        this.source = source;
        this.destination = destination;
        this.sameOrder = sameOrder;
        this.chunk = chunk;
        this.listener = listener;
    }

    /** Returns how many rows the source has among those that are compared. */
    long run() throws OutageException, InterruptedException {
        inChunks(source, EVERYTHING, range -> {
            long before = rows;
            if (sameOrder) {
                compareRange(range);
            } else {
                lookUp(range);
            }
            listener.compared(range.upTo() == null ? rows - before : chunk);
        });
        if (!sameOrder) {
            inChunks(destination, EVERYTHING, this::lookUpBackwards);
        }
        return rows;
    }

    /** A chunk of a table's rows. */
    @FunctionalInterface
    private interface Work {
        void on(KeyRange range) throws OutageException, InterruptedException;
    }

    /** So that no statement looks at more than a chunk of rows, however few of them are compared. */
    private void inChunks(HashedTable table, KeyRange whole, Work work) throws OutageException, InterruptedException {
        @Nullable RowKey last = whole.after();
        boolean more = true;
        while (more) {
            RowKey next = table.boundary(new KeyRange(last, whole.upTo()), chunk);
            more = next != null;
            work.on(new KeyRange(last, more ? next : whole.upTo()));
            last = next;
        }
    }

    /** The source's rows of a range are about a chunk; the destination can have any number of further ones. */
    private void compareRange(KeyRange range) throws OutageException, InterruptedException {
        Fingerprint here = source.fingerprint(range, Integer.MAX_VALUE);
        rows += here.rows();
        int most = (int) Math.max(chunk, here.lookedAt());
        Fingerprint there = destination.fingerprint(range, most + 1);
        if (there.lookedAt() > most || !there.sameRows(here)) {
            list(range);
        }
    }

    private void list(KeyRange range) throws OutageException, InterruptedException {
        Map<RowKey, Long> here = source.hashes(range);
        inChunks(destination, range, part -> {
            for (Map.Entry<RowKey, Long> there : destination.hashes(part).entrySet()) {
                if (!there.getValue().equals(here.remove(there.getKey()))) {
                    listener.differs(there.getKey());
                }
            }
        });
        for (RowKey key : here.keySet()) {
            listener.differs(key);
        }
    }

    private void lookUp(KeyRange range) throws OutageException, InterruptedException {
        Map<RowKey, Long> here = source.hashes(range);
        rows += here.size();
        Map<RowKey, Long> there = destination.hashesOf(List.copyOf(here.keySet()));
        for (Map.Entry<RowKey, Long> row : here.entrySet()) {
            if (!row.getValue().equals(there.get(row.getKey()))) {
                listener.differs(row.getKey());
            }
        }
    }

    private void lookUpBackwards(KeyRange range) throws OutageException, InterruptedException {
        Set<RowKey> there = destination.hashes(range).keySet();
        Map<RowKey, Long> here = source.hashesOf(List.copyOf(there));
        for (RowKey key : there) {
            if (!here.containsKey(key)) {
                listener.differs(key);
            }
        }
    }
}
