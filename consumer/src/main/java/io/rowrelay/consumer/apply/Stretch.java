package io.rowrelay.consumer.apply;

/**
 * What was read of one partition at a time. One stretch begins where the one before it ended, so that a hole between them
 * shows.
 *
 * @param partition its number
 * @param topicId the identity of the topic that it was read from
 * @param from the first offset
 * @param to the offset after the last
 */
public record Stretch(int partition, String topicId, long from, long to) {
    public Stretch {
        if (from > to) {
            throw new IllegalArgumentException("a stretch from " + from + " to " + to);
        }
    }
}
