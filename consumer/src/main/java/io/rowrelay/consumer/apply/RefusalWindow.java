package io.rowrelay.consumer.apply;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many of the last records were refused: batches are forgotten, the oldest first, as long as those after them hold so
 * many records as the window. Not thread-safe.
 */
final class RefusalWindow {
    private static final int NEARLY_EVERYTHING_PERCENT = 95;

    private final int size;
    private final Deque<Share> batches = new ArrayDeque<>();
    private long judged;
    private long refused;

    /** Looks at the last {@code size} records, or a few more; 0 is none, and then nothing is ever too much. */
    RefusalWindow(int size) {
        this.size = size;
    }

    /**
     * How many of how many.
     *
     * @param judged records that were applied or refused
     * @param refused those of them that were refused
     */
    record Share(long judged, long refused) {
        boolean isMost() {
            return refused * 2 > judged;
        }
    }

    /** Takes a batch in; returns the share of the window that now ends with it. */
    Share add(Share batch) {
        if (size > 0 && batch.judged() > 0) {
            batches.add(batch);
            judged += batch.judged();
            refused += batch.refused();
            while (judged - batches.getFirst().judged() >= size) {
                Share oldest = batches.removeFirst();
                judged -= oldest.judged();
                refused -= oldest.refused();
            }
        }
        return new Share(judged, refused);
    }

    /** Whether the window is full and nearly everything in it was refused. */
    boolean isNearlyEverything() {
        return size > 0 && judged >= size && refused * 100 >= judged * NEARLY_EVERYTHING_PERCENT;
    }

    /** Forgets everything. */
    void clear() {
        batches.clear();
        judged = 0;
        refused = 0;
    }
}
