package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What a daemon must be allowed to do with its topics. It is asked for at the start, since a right that is needed once a month would
 * be missed only then.
 */
public final class TopicRights {
    private final Map<String, Set<AclOperation>> needed = new TreeMap<>();

    /** Nothing yet. */
    public TopicRights() {}

    /** Reads these topics. */
    public TopicRights read(List<String> topics) {
        return add(AclOperation.READ, topics);
    }

    /** Writes these topics; creates those that do not exist. */
    public TopicRights write(List<String> topics) {
        return add(AclOperation.WRITE, topics);
    }

    private TopicRights add(AclOperation operation, List<String> topics) {
        topics.forEach(
                topic -> needed.computeIfAbsent(topic, none -> new TreeSet<>()).add(operation));
        return this;
    }

    /**
     * Fails when the brokers do not allow all of it, with a message that names what is missing.
     *
     * @param client properties of an admin client
     */
    public void require(Map<String, Object> client) throws OutageException, InterruptedException {
        List<String> missing;
        try {
            missing = Topics.ask(client, admin -> missing(admin, Topics.millis(client)));
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("asking for the rights on topic " + String.join(", ", needed.keySet()), failure);
        }
        if (!missing.isEmpty()) {
            throw new OutageException(
                    "Kafka does not allow this user to " + String.join(", nor to ", missing)
                            + ": add the ACLs that docs/operate/security.md lists",
                    null);
        }
    }

    private List<String> missing(Admin admin, long millis)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> asked = admin.describeTopics(
                        needed.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Set<AclOperation>> topic : needed.entrySet()) {
            Set<AclOperation> lacks = new TreeSet<>(topic.getValue());
            try {
                KafkaFuture<TopicDescription> answer = Objects.requireNonNull(asked.get(topic.getKey()), "asked for");
                // A broker that does not say so allows everything, or says no when it is too late.
                Optional.ofNullable(Topics.get(answer, millis).authorizedOperations())
                        .ifPresentOrElse(lacks::removeAll, lacks::clear);
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                    lacks = lacksCreation(admin, topic.getKey(), topic.getValue(), millis);
                } else if (!(failure.getCause() instanceof AuthorizationException)) {
                    throw failure;
                }
            }
            lacks.forEach(operation -> missing.add(operation + " topic " + topic.getKey()));
        }
        return missing;
    }

    /** One that is only read is waited for; its rights are known when it is there. */
    private static Set<AclOperation> lacksCreation(Admin admin, String topic, Set<AclOperation> operations, long millis)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (!operations.contains(AclOperation.WRITE)) {
            return Set.of();
        }
        NewTopic wanted = new NewTopic(topic, Optional.empty(), Optional.empty());
        try {
            Topics.get(
                    admin.createTopics(List.of(wanted), new CreateTopicsOptions().validateOnly(true))
                            .all(),
                    millis);
            return Set.of();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof AuthorizationException) {
                return Set.of(AclOperation.CREATE);
            }
            if (failure.getCause() instanceof TopicExistsException) {
                return Set.of();
            }
            throw failure;
        }
    }
}
