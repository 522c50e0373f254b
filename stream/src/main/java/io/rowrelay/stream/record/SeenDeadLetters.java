package io.rowrelay.stream.record;

/**
 * What was read of a partition of a dead-letter topic.
 *
 * @param partition which
 * @param begin the first offset that it still has
 * @param from where reading began
 * @param to where it ended: everything before is known
 * @param letters the offsets in between that are the stream's letters, as PostgreSQL writes an int8multirange
 * @param rejected how many of them were records that the consumer rejected, and not references to changes
 */
public record SeenDeadLetters(int partition, long begin, long from, long to, String letters, long rejected) {
    /**
     * Remembered of a partition at most, since somebody who may write to the topic can let the letters of two streams alternate. Where
     * there are more, letters of other streams between this one's count as its own.
     */
    public static final int MOST_RANGES = 10_000;
}
