package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the whole table, a chunk at a time, and names the keys that differ at the moment. Where both sides order keys alike,
 * a chunk is a range of keys, and its fingerprint is all that is read while they agree. Where they may not, as with text in the
 * order of a locale, a chunk's keys are looked up one by one, and then those of the destination in the source. Not thread-safe.
 */
final class Scan {
    private final Sides sides;
    private final int chunk;
    private final Progress progress;
    private final Suspicion suspicion;
    private long rows;

    /** Is told of keys that differ. */
    @FunctionalInterface
    interface Suspicion {
        void raise(RowKey key) throws TransientFailureException, InterruptedException;
    }

    Scan(Sides sides, int chunk, Progress progress, Suspicion suspicion) {
        this.sides = sides;
        this.chunk = chunk;
        this.progress = progress;
        this.suspicion = suspicion;
    }

    /** Returns how many rows the source has among those that are compared. */
    long run() throws TransientFailureException, InterruptedException {
        @Nullable RowKey last = null;
        do {
            RowKey next = sides.source().boundary(last, chunk);
            KeyRange range = new KeyRange(last, next);
            long before = rows;
            if (sides.sameOrder()) {
                compareRange(range);
            } else {
                lookUp(range);
            }
            progress.step(next == null ? rows - before : chunk);
            last = next;
        } while (last != null);
        if (!sides.sameOrder()) {
            lookUpBackwards();
        }
        return rows;
    }

    private void compareRange(KeyRange range) throws TransientFailureException, InterruptedException {
        Fingerprint here = sides.source().fingerprint(range);
        rows += here.rows();
        if (!here.equals(sides.destination().fingerprint(range))) {
            list(range);
        }
    }

    /** The source's rows of a range are about a chunk; the destination can have any number of further ones. */
    private void list(KeyRange range) throws TransientFailureException, InterruptedException {
        Map<RowKey, Long> here = sides.source().hashes(range, Integer.MAX_VALUE);
        @Nullable RowKey last = range.after();
        boolean more = true;
        while (more) {
            Map<RowKey, Long> page = sides.destination().hashes(new KeyRange(last, range.upTo()), chunk);
            for (Map.Entry<RowKey, Long> there : page.entrySet()) {
                last = there.getKey();
                if (!there.getValue().equals(here.remove(last))) {
                    suspicion.raise(last);
                }
            }
            more = page.size() == chunk;
        }
        for (RowKey key : here.keySet()) {
            suspicion.raise(key);
        }
    }

    private void lookUp(KeyRange range) throws TransientFailureException, InterruptedException {
        Map<RowKey, Long> here = sides.source().hashes(range, Integer.MAX_VALUE);
        rows += here.size();
        Map<RowKey, Long> there = sides.destination().hashesOf(List.copyOf(here.keySet()));
        for (Map.Entry<RowKey, Long> row : here.entrySet()) {
            if (!row.getValue().equals(there.get(row.getKey()))) {
                suspicion.raise(row.getKey());
            }
        }
    }

    private void lookUpBackwards() throws TransientFailureException, InterruptedException {
        @Nullable RowKey last = null;
        boolean more = true;
        while (more) {
            Map<RowKey, Long> page = sides.destination().hashes(new KeyRange(last, null), chunk);
            Map<RowKey, Long> here = sides.source().hashesOf(List.copyOf(page.keySet()));
            for (RowKey key : page.keySet()) {
                last = key;
                if (!here.containsKey(key)) {
                    suspicion.raise(key);
                }
            }
            more = page.size() == chunk;
        }
    }
}
