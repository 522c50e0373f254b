package io.rowrelay.producer.capture;

import java.util.Map;

/**
 * Up to where the topic is known to hold what was published: everything that a checkpoint written with it covers lies before.
 *
 * @param topicId the topic's identity, which a topic of the same name that is created later does not share
 * @param partitions by number; one that is missing had got nothing
 */
public record PublishedOffsets(String topicId, Map<Integer, Last> partitions) {
    public PublishedOffsets {
        partitions = Map.copyOf(partitions);
    }

    /**
     * The last record of a partition.
     *
     * @param nextOffset the offset behind it
     * @param actionId the change that it is; 0 where that is not known
     */
    public record Last(long nextOffset, long actionId) {
        /** Of a partition that has got nothing. */
        public static final Last NOTHING = new Last(0, 0);
    }

    /** What is known of a partition. */
    public Last last(int partition) {
        return partitions.getOrDefault(partition, Last.NOTHING);
    }
}
