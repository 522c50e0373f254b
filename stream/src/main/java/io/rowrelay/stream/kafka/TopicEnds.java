package io.rowrelay.stream.kafka;

import java.util.Map;

/**
 * How long a topic is.
 *
 * @param topicId its identity, which another topic of the same name has not; empty when there is no such topic
 * @param next of each partition, the offset that its next record gets
 */
public record TopicEnds(String topicId, Map<Integer, Long> next) {
    public TopicEnds {
        next = Map.copyOf(next);
    }

    /** How many records it has ever got. */
    public long recordsEver() {
        return next.values().stream().mapToLong(Long::longValue).sum();
    }
}
