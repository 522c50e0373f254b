package io.rowrelay.consumer.apply;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a batch is kept open for changes that the destination rejects for the sake of another row: a foreign key whose row is
 * still to come, a unique value that is still to be given up. What they wait for may be behind them in the topic, so reading goes
 * on for the first half of the time; in the second half nothing more is read, so that each change has waited for that long
 * at least when it becomes a dead letter. Not thread-safe.
 */
public final class ReferenceWait {
    private final Duration limit;
    private final LongSupplier nanoClock;
    private boolean waiting;
    private boolean out;
    private long since;

    /** Waits for {@code limit} at most; zero lets every such change become a dead letter at once. */
    public ReferenceWait(Duration limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.nanoClock = nanoClock;
    }

    /** Whether the current batch is kept open. */
    boolean isWaiting() {
        return waiting;
    }

    /** A batch is tried for the first time. */
    void begin() {
        waiting = false;
        out = false;
        since = nanoClock.getAsLong();
    }

    /** Whether to go on, now that the destination has answered: changes of the current batch still wait, or none does. */
    boolean goesOn(boolean anyWaits) {
        if (out) {
            out = false;
            since = nanoClock.getAsLong();
        }
        waiting = anyWaits && elapsed() < limit.toNanos();
        return waiting;
    }

    /** Whether what comes next is taken into the current batch. */
    boolean readsOn(Batch current) {
        return waiting
                && current.size() < BatchSize.LARGEST_WHILE_WAITING
                && current.bytes() < BatchSize.MOST_BYTES_WHILE_WAITING
                && (out || elapsed() < limit.toNanos() / 2);
    }

    /** While the destination or the topic is out nothing can come that is waited for: the time begins again when that is over. */
    void outage() {
        out = true;
    }

    private long elapsed() {
        return nanoClock.getAsLong() - since;
    }
}
