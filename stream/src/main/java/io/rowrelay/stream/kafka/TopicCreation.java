package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics that are missing, with their properties. The producer creates those of its tables and the dead-letter topic when it
 * opens a client, and now and then while it is idle. The consumer creates the dead-letter topic before its first dead letter.
 * Partitions and replicas are those of TOPIC_PARTITIONS and TOPIC_REPLICATION_FACTOR. A topic that exists stays as it is; no broker
 * has to create topics by itself.
 */
public final class TopicCreation {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);

    /** What a broker takes by default: a topic gets a setting of its own only when more is needed. */
    private static final int BROKER_DEFAULT_BYTES = 1_048_588;

    /**
     * Stamps each record with the broker's clock when it is appended. With the sender's time the broker would reject records of
     * a machine whose clock is an hour ahead, and drop at once those of a machine whose clock is far behind.
     */
    private static final String BROKERS_CLOCK = "LogAppendTime";

    /** A broker may refuse more partitions in one request. */
    private static final int CREATED_AT_ONCE = 50;

    private TopicCreation() {}

    /**
     * Creates the topic when it does not exist; an existing one is left as it is.
     *
     * @param client properties of an admin client
     * @param partitions how many partitions a new topic gets
     * @param replicationFactor how many replicas, or -1 for the broker's default
     * @param config properties of a new topic
     * @throws OutageException when the broker does not answer or refuses
     */
    public static void createMissing(
            Map<String, Object> client, String topic, int partitions, int replicationFactor, Map<String, String> config)
            throws OutageException, InterruptedException {
        createMissing(client, List.of(topic), partitions, replicationFactor, config);
    }

    /** The same for several topics. */
    public static void createMissing(
            Map<String, Object> client,
            List<String> topics,
            int partitions,
            int replicationFactor,
            Map<String, String> config)
            throws OutageException, InterruptedException {
        List<NewTopic> wanted = topics.stream()
                .map(topic -> new NewTopic(topic, Optional.of(partitions), replicas(replicationFactor)).configs(config))
                .toList();
        try {
            Topics.ask(client, admin -> createMissing(admin, wanted, Topics.millis(client)))
                    .forEach(topic -> LOG.info("created topic={} partitions={}", topic, partitions));
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("making sure of topic " + String.join(", ", topics), failure);
        }
    }

    /**
     * Makes sure that Kafka answers, which needs no right on any topic.
     *
     * @param topic about which somebody wants to know, for the message
     */
    public static void requireAnswer(Map<String, Object> client, String topic)
            throws OutageException, InterruptedException {
        try {
            Topics.ask(client, admin -> Topics.get(admin.listTopics().names(), Topics.millis(client)));
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("making sure of topic " + topic, failure);
        }
    }

    /** Creates the dead-letter topic when it does not exist, for records as large as those of {@code kafka}'s producer. */
    public static void createDeadLetterTopic(
            KafkaClientSettings kafka, String topic, int partitions, int replicationFactor)
            throws OutageException, InterruptedException {
        createMissing(
                kafka.admin(), topic, partitions, replicationFactor, deadLetterConfig(kafka.largestRecordBytes()));
    }

    /** Returns those that were created. */
    private static List<String> createMissing(Admin admin, List<NewTopic> wanted, long millis)
            throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> there = Topics.get(admin.listTopics().names(), millis);
        List<NewTopic> missing =
                wanted.stream().filter(topic -> !there.contains(topic.name())).toList();
        List<String> created = new ArrayList<>();
        for (int first = 0; first < missing.size(); first += CREATED_AT_ONCE) {
            List<NewTopic> some = missing.subList(first, Math.min(missing.size(), first + CREATED_AT_ONCE));
            for (Map.Entry<String, KafkaFuture<Void>> each :
                    admin.createTopics(some).values().entrySet()) {
                try {
                    Topics.get(each.getValue(), millis);
                    created.add(each.getKey());
                } catch (ExecutionException failure) {
                    if (!(failure.getCause() instanceof TopicExistsException)) {
                        throw failure;
                    }
                }
            }
        }
        return created;
    }

    /** Properties of a table's new topic, which takes records of the size, in bytes. */
    public static Map<String, String> tableConfig(int largestRecordBytes) {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, BROKERS_CLOCK);
        if (largestRecordBytes > BROKER_DEFAULT_BYTES) {
            config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largestRecordBytes));
        }
        return config;
    }

    /**
     * Properties of a new dead-letter topic: it keeps its records until someone has looked at them, and takes a
     * record of twice the size, in bytes, or of 2 MiB where that is more: the record together with the headers that say why.
     */
    private static Map<String, String> deadLetterConfig(int largestRecordBytes) {
        long bytes = Math.min(Integer.MAX_VALUE, 2L * Math.max(largestRecordBytes, 1 << 20));
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                "-1",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Long.toString(bytes),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                BROKERS_CLOCK);
    }

    private static Optional<Short> replicas(int replicationFactor) {
        return replicationFactor < 0 ? Optional.empty() : Optional.of((short) replicationFactor);
    }
}
