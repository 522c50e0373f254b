package io.rowrelay.producer;

import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.stream.window.jdbc.UnpublishedChanges;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How far publishing is behind: the loop knows it while it reads; otherwise the changes in the change table are counted;
 * otherwise it is unknown (NaN). A count of 0 holds only while the producer is ready: in a source that was restored, or a
 * former primary, nothing seems to wait. The loop writes, others count and read.
 */
final class PublishingLag {
    /** A count is made when the loop has not read for as long as this. */
    static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);

    private static final Duration READ_LIMIT = Duration.ofSeconds(3);
    private static final Duration COUNT_LIMIT = Duration.ofSeconds(20);

    private final Clock clock;
    private final BooleanSupplier ready;
    private final AgingNumber read;
    private final AgingNumber counted;
    private volatile Instant oldestRead = Instant.MAX;
    private volatile Instant oldestCounted = Instant.MAX;

    PublishingLag(Clock clock, LongSupplier nanoClock, BooleanSupplier ready) {
        this.clock = clock;
        this.ready = ready;
        this.read = new AgingNumber(READ_LIMIT, nanoClock);
        this.counted = new AgingNumber(COUNT_LIMIT, nanoClock);
    }

    /** The loop has read changes. */
    void read(long waiting, Instant oldest) {
        oldestRead = oldest;
        read.set((double) waiting);
    }

    /** Changes of those that the loop has read are published. */
    void published(int changes) {
        double known = read.get();
        if (!Double.isNaN(known)) {
            read.set(Math.max(0, known - changes));
        }
    }

    /** The loop has looked, and nothing waits. */
    void caughtUp() {
        read(0, Instant.MAX);
    }

    /** Whether a count is needed. */
    boolean isUnknown() {
        return Double.isNaN(read.get());
    }

    /** What was counted beside the loop. */
    void counted(UnpublishedChanges found) {
        oldestCounted = found.oldest().map(clock.instant()::minus).orElse(Instant.MAX);
        counted.set((double) found.changes());
    }

    /** Changes that wait. */
    double changes() {
        double known = read.get();
        if (!Double.isNaN(known)) {
            return known;
        }
        double found = counted.get();
        return found == 0 && !ready.getAsBoolean() ? Double.NaN : found;
    }

    /** The age of the oldest of them in seconds. */
    double seconds() {
        if (!isUnknown()) {
            return age(oldestRead);
        }
        double found = changes();
        if (!Double.isNaN(found)) {
            return age(oldestCounted);
        }
        // Changes that were known to wait grow older. If none were known, the age is unknown.
        return oldestRead.equals(Instant.MAX) ? Double.NaN : age(oldestRead);
    }

    private double age(Instant oldest) {
        return oldest.equals(Instant.MAX)
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1000.0);
    }
}
