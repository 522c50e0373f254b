package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks about topics, and deletes them; {@link TopicCreation} creates them. Each call opens and closes a client of its own, since it is
 * rarely needed.
 */
public final class Topics {
    private static final int TIMEOUT_MILLIS = 2_500;
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);

    /** A question to an admin client. */
    @FunctionalInterface
    public interface Question<T> {
        /** Asks; waits for the answer with a deadline of its own. */
        T ask(Admin admin) throws ExecutionException, TimeoutException, InterruptedException;
    }

    private Topics() {}

    /**
     * Returns how many records the topic has ever got, whether it still has them or not; 0 when there is no such topic.
     *
     * @param client properties of an admin client
     * @throws OutageException when the broker does not answer or refuses
     */
    public static long recordsEver(Map<String, Object> client, String topic)
            throws OutageException, InterruptedException {
        return ends(client, topic).recordsEver();
    }

    /**
     * Returns where the partitions of the topic end; nothing when there is no such topic.
     *
     * @param client properties of an admin client
     * @throws OutageException when the broker does not answer or refuses
     */
    public static TopicEnds ends(Map<String, Object> client, String topic)
            throws OutageException, InterruptedException {
        try {
            return ask(client, admin -> ends(admin, topic, millis(client)));
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("asking for the size of topic " + topic, failure);
        }
    }

    /** The same of several topics, over one client. */
    public static Map<String, TopicEnds> ends(Map<String, Object> client, Collection<String> topics)
            throws OutageException, InterruptedException {
        try {
            return ask(client, admin -> {
                Map<String, TopicEnds> ends = new HashMap<>();
                for (String topic : topics) {
                    ends.put(topic, ends(admin, topic, millis(client)));
                }
                return ends;
            });
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("asking for the sizes of topics", failure);
        }
    }

    /** By its name, not from the list of topics: that leaves out what this role may not see. */
    private static Optional<TopicDescription> describe(Admin admin, String topic, long millis)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return Optional.ofNullable(get(admin.describeTopics(List.of(topic)).allTopicNames(), millis)
                    .get(topic));
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static TopicEnds ends(Admin admin, String topic, long millis)
            throws ExecutionException, TimeoutException, InterruptedException {
        Optional<TopicDescription> there = describe(admin, topic, millis);
        if (there.isEmpty()) {
            return new TopicEnds("", Map.of());
        }
        TopicDescription described = there.get();
        Map<TopicPartition, OffsetSpec> asked = described.partitions().stream()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(topic, partition.partition()),
                        partition -> OffsetSpec.latest()));
        Map<Integer, Long> next = new HashMap<>();
        get(admin.listOffsets(asked).all(), millis)
                .forEach((partition, end) -> next.put(partition.partition(), end.offset()));
        return new TopicEnds(described.topicId().toString(), next);
    }

    /**
     * Deletes a topic.
     *
     * @param client properties of an admin client
     * @return whether it was there
     * @throws OutageException when the broker does not answer or refuses
     */
    public static boolean delete(Map<String, Object> client, String topic)
            throws OutageException, InterruptedException {
        try {
            ask(
                    client,
                    admin -> Optional.ofNullable(
                            get(admin.deleteTopics(List.of(topic)).all(), millis(client))));
            return true;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw KafkaFailures.outage("deleting topic " + topic, failure);
        } catch (TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("deleting topic " + topic, failure);
        }
    }

    /**
     * Asks with a client that is opened and closed for it. Closing has a deadline too: if the broker falls silent at the wrong
     * moment, a call of the client never ends, and close would wait for it.
     */
    public static <T> T ask(Map<String, Object> client, Question<T> question)
            throws ExecutionException, TimeoutException, InterruptedException {
        Admin admin = admin(client);
        try {
            return question.ask(admin);
        } finally {
            admin.close(CLOSE_DEADLINE);
        }
    }

    /** The properties of a client that waits for as long as somebody says, unless the configuration says how long. */
    public static Map<String, Object> patient(Map<String, Object> client, Duration timeout) {
        Map<String, Object> patient = new HashMap<>(client);
        patient.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        patient.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        return patient;
    }

    /** Opens an admin client that gives up in known time; the properties are those of the configuration. */
    public static Admin admin(Map<String, Object> client) {
        Map<String, Object> bounded = new HashMap<>(client);
        bounded.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        bounded.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        return Admin.create(bounded);
    }

    /** The client gives up by itself after this time; but not always, so its caller does as well. */
    static long millis(Map<String, Object> client) {
        Object configured = client.get(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
        return configured == null ? TIMEOUT_MILLIS : Long.parseLong(configured.toString());
    }

    static <T> T get(KafkaFuture<T> future, long millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(millis, TimeUnit.MILLISECONDS);
    }
}
