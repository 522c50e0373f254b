package io.rowrelay.stream.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Where to begin removing rows in the order of an index: after those that are gone already. While an older transaction is open,
 * they stay in the index, and a scan from its first entry passes over all of them. Once an hour it begins at the first entry
 * again, since a row that was committed late, or that was locked, may have been left behind. Not thread-safe.
 *
 * @param <T> what the index is sorted by
 */
public final class ScanFront<T> {
    private static final Duration FROM_THE_FIRST = Duration.ofHours(1);

    private final T first;
    private final LongSupplier nanoClock;
    private T front;
    private long fromTheFirstAt;

    /** Begins at {@code first}, which nothing is before. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public ScanFront(T first, LongSupplier nanoClock) {
        this.first = first;
        this.nanoClock = nanoClock;
        this.front = first;
        this.fromTheFirstAt = nanoClock.getAsLong();
    }

    /** Returns where to begin now. */
    public T get() {
        long now = nanoClock.getAsLong();
        if (now - fromTheFirstAt >= FROM_THE_FIRST.toNanos()) {
            front = first;
            fromTheFirstAt = now;
        }
        return front;
    }

    /** All before {@code next} is gone, but for what the next look from the first finds. */
    public void moveTo(T next) {
        front = next;
    }
}
