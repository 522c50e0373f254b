package io.rowrelay.sandbox.load;

import java.time.Duration;
import java.util.Random;

/** When each transaction is due, counted from the start. */
public final class Schedule {
    private static final long SEED = 42;

    /** Ascending. */
    private final long[] dueNanos;

    private final long leadInNanos;

    private Schedule(long[] dueNanos, long leadInNanos) {
        this.dueNanos = dueNanos;
        this.leadInNanos = leadInNanos;
    }

    /** This many transactions a second, evenly. */
    public static Schedule steady(int perSecond, Duration leadIn, Duration length) {
        long[] due = new long[(int) (perSecond * leadIn.plus(length).toMillis() / 1_000)];
        for (int i = 0; i < due.length; i++) {
            due[i] = i * 1_000_000_000L / perSecond;
        }
        return new Schedule(due, leadIn.toNanos());
    }

    /** Single transactions, each after a pause that is long enough for everything to become idle; never in step with a poll. */
    public static Schedule single(int transactions, Duration pause, Duration jitter) {
        Random random = new Random(SEED);
        long[] due = new long[transactions];
        long nanos = 0;
        for (int i = 0; i < transactions; i++) {
            nanos += pause.toNanos() + random.nextInt((int) jitter.toNanos());
            due[i] = nanos;
        }
        return new Schedule(due, 0);
    }

    public int transactions() {
        return dueNanos.length;
    }

    long dueNanos(int transaction) {
        return dueNanos[transaction];
    }

    /** Whether the transaction is measured: it is not in the lead-in. */
    boolean counts(int transaction) {
        return dueNanos[transaction] >= leadInNanos;
    }

    /** When the last transaction is due. */
    Duration length() {
        return Duration.ofNanos(dueNanos[dueNanos.length - 1]);
    }
}
