package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.kafka.TopicRights;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The topics to which a stream is published; the producer creates them where they are missing, see {@link TopicCreation}.
 *
 * @param stream whose tables have a topic each
 * @param shape of a topic that has to be created
 * @param known whether the stream is the one that the source has, not only the one of the settings
 */
record PublishingTopics(Stream stream, TopicShape shape, boolean known) {

    /** Whether it is not known yet which they are. */
    boolean isUnknown() {
        return !known;
    }

    /** The topics of the tables, and that of the cuts. */
    List<String> topics() {
        List<String> topics = new ArrayList<>(
                stream.tables().stream().map(CapturedTable::topic).toList());
        if (stream.inCuts()) {
            topics.add(cutTopic());
        }
        return topics;
    }

    /** Where references go to changes that the broker does not take. */
    String deadLetterTopic() {
        return stream.deadLetterTopic();
    }

    /** Where the cuts go. */
    String cutTopic() {
        return stream.cutTopic();
    }

    /** The key of a cut. */
    byte[] name() {
        return stream.name().getBytes(StandardCharsets.UTF_8);
    }

    /** The topics of the tables in a message. */
    @Override
    public String toString() {
        return stream.inCuts() ? "the topics of stream " + stream.name() : "topic " + String.join(", ", topics());
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
            TopicCreation.createMissing(
                    kafka.admin(),
                    stream.tables().stream().map(CapturedTable::topic).toList(),
                    shape.partitions(),
                    shape.replicationFactor(),
                    config);
            if (stream.inCuts()) {
                // In one order.
                TopicCreation.createMissing(kafka.admin(), List.of(cutTopic()), 1, shape.replicationFactor(), config);
            }
            TopicCreation.createDeadLetterTopic(
                    kafka, deadLetterTopic(), shape.partitions(), shape.replicationFactor());
        } catch (OutageException failure) {
            throw silenceOr(failure);
        }
    }

    /** Makes sure that Kafka answers, before it is known which topics there are to be. */
    void requireAnswer(KafkaClientSettings kafka) throws OutageException, InterruptedException {
        try {
            TopicCreation.requireAnswer(kafka.admin(), String.join(", ", topics()));
        } catch (OutageException failure) {
            throw silenceOr(failure);
        }
    }

    private OutageException silenceOr(OutageException failure) {
        return KafkaFailures.isTimeout(failure.getCause()) ? KafkaFailures.outOfReach(silence(), failure) : failure;
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
