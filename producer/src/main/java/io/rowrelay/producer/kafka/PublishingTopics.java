package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.kafka.TopicRights;
import java.util.List;
import java.util.Map;

/**
 * The topics to which a stream is published; the producer creates them where they are missing, see {@link TopicCreation}.
 *
 * @param stream whose tables have a topic each
 * @param partitions of a topic that has to be created
 * @param replicationFactor likewise; -1 for the broker's default
 */
public record PublishingTopics(Stream stream, int partitions, int replicationFactor) {

    /** The topics of the tables. */
    List<String> topics() {
        return stream.tables().stream().map(CapturedTable::topic).toList();
    }

    /** Where references go to changes that the broker does not take. */
    String deadLetterTopic() {
        return stream.deadLetterTopic();
    }

    /** The topics of the tables in a message. */
    @Override
    public String toString() {
        return "topic " + String.join(", ", topics());
    }

    /**
     * Creates those that are missing.
     *
     * @throws OutageException in the same words as {@link #silence} when the broker does not answer, so that one
     *     outage looks like one
     */
    void createMissing(KafkaClientSettings kafka) throws OutageException, InterruptedException {
        Map<String, String> config = TopicCreation.tableConfig(kafka.largestRecordBytes());
        try {
            for (String topic : topics()) {
                TopicCreation.createMissing(kafka.admin(), topic, partitions, replicationFactor, config);
            }
            TopicCreation.createDeadLetterTopic(kafka, deadLetterTopic(), partitions, replicationFactor);
        } catch (OutageException failure) {
            throw KafkaFailures.isTimeout(failure.getCause()) ? KafkaFailures.outOfReach(silence(), failure) : failure;
        }
    }

    /** Fails when the brokers do not allow what publishing takes. */
    void requireRights(Map<String, Object> adminClient) throws OutageException, InterruptedException {
        new TopicRights()
                .read(topics())
                .write(topics())
                .write(List.of(deadLetterTopic()))
                .require(adminClient);
    }

    /** What to say while the broker neither acknowledges nor answers. */
    String silence() {
        return "Kafka does not answer or acknowledge; what is to go to " + this + " waits, nothing is lost";
    }
}
