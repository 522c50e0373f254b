package io.rowrelay.consumer.kafka;

import io.rowrelay.consumer.apply.DestinationIdentity;

/**
 * What a consumer group reads, and for which destination; each can be asked whether it is still the same.
 *
 * @param topic tells topics of one name apart
 * @param group tells who else is in the group
 * @param destination tells destinations apart
 */
public record GroupIdentity(TopicIdentity topic, ConsumerGroup group, DestinationIdentity destination) {
    /** The stream's topics. */
    StreamTopics topics() {
        return topic.topics();
    }
}
