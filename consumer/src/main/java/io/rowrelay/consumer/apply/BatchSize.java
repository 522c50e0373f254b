package io.rowrelay.consumer.apply;

/** How many records a batch has, each batch being a transaction in the destination; and how many records a poll brings. */
public final class BatchSize {
    /** Large enough that a transaction more costs little, small enough that a poll has several of them. */
    static final int LARGEST = 1_000;

    /**
     * A batch of which a row waits for another row that it refers to takes in what comes next, until it has so many:
     * a batch that is kept open takes memory, and is read again after a crash.
     */
    static final int LARGEST_WHILE_WAITING = 5_000;

    /** What a poll brings at most, unless max.poll.records is configured; it is cut into batches. */
    public static final int POLL = 5_000;

    private BatchSize() {}
}
