package io.rowrelay.consumer.apply;

/**
 * How many records a batch has: what is applied in one transaction, unless a part of it is rejected or waits. Intake cuts a poll
 * into batches, ReferenceWait lets a batch grow, and the client of the topic takes the size of a poll. The producer's setting
 * PAGE_SIZE says how many changes it reads at once.
 */
public final class BatchSize {
    /** Large enough that a transaction more costs little, small enough that a poll has several of them. */
    static final int LARGEST = 1_000;

    /**
     * While a row of a batch waits for another row that it refers to, the batch takes in the next poll if it has fewer records than
     * this: a batch that is kept open takes memory, and is read again after a crash.
     */
    static final int LARGEST_WHILE_WAITING = 5_000;

    /** The same in bytes: a poll brings as much at most, and what the server is sent of both is in memory beside them. */
    static final long MOST_BYTES_WHILE_WAITING = Runtime.getRuntime().maxMemory() / 8;

    /** What a poll brings at most, unless max.poll.records is configured; it is cut into batches. */
    public static final int POLL = 5_000;

    private BatchSize() {}
}
