package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.IdleWait;
import io.rowrelay.common.runtime.Pace;
import java.time.Duration;

/**
 * How long to rest between two polls of the change table: longer and longer while it finds nothing; a moment after a small
 * page, so that the next one has more changes. A page of two changes costs both databases, the broker and the consumer nearly
 * as much as a page of ten. Where thousands of changes come, polling without a pause takes CPU that the changes need, and so
 * delays them. Not thread-safe.
 */
public final class PollPace implements Pace {
    /** With this few changes or fewer, a pause would not make the next page larger. */
    private static final int FEW = 2;
    /** A page of this many changes is worth its cost. */
    static final int MANY = 100;

    private static final Duration PER_CHANGE = Duration.ofNanos(500_000);
    private static final Duration LONGEST = Duration.ofMillis(4);

    private final IdleWait idle;

    /** Rests at most {@code idleMaximum} while there is nothing to do. */
    public PollPace(Duration idleMaximum) {
        this.idle = new IdleWait(idleMaximum);
    }

    @Override
    public Duration after(int changes) {
        Duration rest = idle.after(changes);
        if (changes <= FEW || changes >= MANY) {
            return rest;
        }
        Duration gathering = PER_CHANGE.multipliedBy(changes - FEW);
        return gathering.compareTo(LONGEST) < 0 ? gathering : LONGEST;
    }
}
