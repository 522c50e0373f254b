package io.rowrelay.producer.capture;

import io.rowrelay.stream.record.Partition;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The offsets up to which the topics are known to hold what was published. Everything that a checkpoint stored with them covers
 * lies before.
 *
 * @param topicIds each topic's identity, which a topic of the same name that is created later does not share
 * @param partitions one that is missing had got nothing
 */
public record PublishedOffsets(Map<String, String> topicIds, Map<Partition, Last> partitions) {
    public PublishedOffsets {
        topicIds = Map.copyOf(topicIds);
        partitions = Map.copyOf(partitions);
    }

    /**
     * The last record of a partition.
     *
     * @param nextOffset the offset behind it
     * @param actionId the change that it is; 0 where that is not known
     */
    public record Last(long nextOffset, long actionId) {
        /** A partition that has got nothing. */
        public static final Last NOTHING = new Last(0, 0);
    }

    /** The last acknowledged record of a partition. */
    public Last last(Partition partition) {
        return partitions.getOrDefault(partition, Last.NOTHING);
    }

    /** The topics that another one of the same name has replaced. */
    Set<String> replacedIn(PublishedOffsets now) {
        return topicIds.entrySet().stream()
                .filter(each -> !each.getValue().equals(now.topicIds.get(each.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The same without some topics. */
    PublishedOffsets without(Set<String> topics) {
        return new PublishedOffsets(
                topicIds.entrySet().stream()
                        .filter(each -> !topics.contains(each.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                partitions.entrySet().stream()
                        .filter(each -> !topics.contains(each.getKey().topic()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
