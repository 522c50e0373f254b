package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The stream's two topics.
 *
 * @param topic where changes are published
 * @param deadLetterTopic where references to changes go that the broker does not take
 * @param partitions of a topic that has to be created
 * @param replicationFactor likewise; -1 for the broker's default
 * @param largestRecordBytes what the stream's topic must take, in bytes
 */
public record PublishingTopics(
        String topic, String deadLetterTopic, int partitions, int replicationFactor, int largestRecordBytes) {

    /** What a broker takes where nothing is said: a topic is only told otherwise when more is asked for. */
    private static final int BROKER_DEFAULT_BYTES = 1_048_588;

    /**
     * Creates those that are missing.
     *
     * @throws OutageException in the same words as {@link #silence} when the broker does not answer, so that one
     *     outage looks like one
     */
    void createMissing(Map<String, Object> adminClient) throws OutageException, InterruptedException {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, Topics.BROKERS_CLOCK);
        if (largestRecordBytes > BROKER_DEFAULT_BYTES) {
            config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largestRecordBytes));
        }
        try {
            Topics.createMissing(adminClient, topic, partitions, replicationFactor, config);
            Topics.createMissing(
                    adminClient,
                    deadLetterTopic,
                    partitions,
                    replicationFactor,
                    Topics.deadLetterConfig(largestRecordBytes));
        } catch (OutageException failure) {
            throw KafkaFailures.isTimeout(failure.getCause()) ? KafkaFailures.outOfReach(silence(), failure) : failure;
        }
    }

    /** What to say while the broker neither acknowledges nor answers. */
    String silence() {
        return "Kafka does not answer or acknowledge; what is to go to topic " + topic + " waits, nothing is lost";
    }
}
