package io.rowrelay.admin.status;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Kafka knows of a stream.
 *
 * @param topicId the topic's identity, which one that is created again does not share
 * @param partitions of the topic, in their order
 * @param group the consumers
 * @param deadLetters records that the dead-letter topic still has; empty where there is no such topic
 */
public record TopicStatus(String topicId, List<Partition> partitions, Group group, Optional<Long> deadLetters) {

    public TopicStatus {
        partitions = List.copyOf(partitions);
    }

    /** Records that the topic ever got. */
    public long records() {
        return partitions.stream().mapToLong(Partition::end).sum();
    }

    /**
     * A partition of the topic.
     *
     * @param number which
     * @param begin the first offset it still holds
     * @param end the offset that the next record gets
     * @param committed the group's offset, if it has one
     * @param consumer who is assigned to it, if anybody
     */
    public record Partition(int number, long begin, long end, OptionalLong committed, Optional<String> consumer) {}

    /** The consumer group: its name, its state in Kafka's words, and how many are in it. */
    public record Group(String name, String state, int members) {}
}
