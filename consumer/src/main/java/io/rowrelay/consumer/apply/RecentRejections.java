package io.rowrelay.consumer.apply;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many of the last records were rejected: batches are forgotten, the oldest first, as long as those after them hold as
 * many records as are looked at. Not thread-safe.
 */
final class RecentRejections {
    private static final int NEARLY_EVERYTHING_PERCENT = 95;

    private final int size;
    private final Deque<Share> batches = new ArrayDeque<>();
    private long tried;
    private long rejected;

    /** Looks at the last {@code size} records, or a few more; 0 is none, and then nothing is ever too much. */
    RecentRejections(int size) {
        this.size = size;
    }

    /**
     * How many of how many.
     *
     * @param tried records that were applied or rejected
     * @param rejected those of them that were rejected
     */
    record Share(long tried, long rejected) {
        boolean isMost() {
            return rejected * 2 > tried;
        }
    }

    /** Adds a batch and forgets older ones; returns the share of all that are left. */
    Share add(Share batch) {
        if (size > 0 && batch.tried() > 0) {
            batches.add(batch);
            tried += batch.tried();
            rejected += batch.rejected();
            while (tried - batches.getFirst().tried() >= size) {
                Share oldest = batches.removeFirst();
                tried -= oldest.tried();
                rejected -= oldest.rejected();
            }
        }
        return new Share(tried, rejected);
    }

    /** Whether enough records were tried, and nearly all of them were rejected. */
    boolean isNearlyEverything() {
        return size > 0 && tried >= size && rejected * 100 >= tried * NEARLY_EVERYTHING_PERCENT;
    }

    /** Forgets everything. */
    void clear() {
        batches.clear();
        tried = 0;
        rejected = 0;
    }
}
