package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Fault.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** The topic gets partitions; the dead-letter topic takes nothing while poison comes. Used by one thread. */
final class TopicFaults {
    private static final int MOST_PARTITIONS = 16;

    private final String bootstrapServers;
    private final String topic;
    private final String deadLetterTopic;

    TopicFaults(String bootstrapServers, String topic, String deadLetterTopic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.deadLetterTopic = deadLetterTopic;
    }

    List<Fault> faults(Consumer<Boolean> poisonOften) {
        return List.of(
                new SimpleFault("partition added", Target.BROKER, this::addPartition, () -> {}),
                new SimpleFault(
                        "dead letters refused",
                        Target.BROKER,
                        () -> {
                            // More replicas than there are brokers.
                            deadLetterConfig(AlterConfigOp.OpType.SET);
                            poisonOften.accept(true);
                        },
                        () -> {
                            deadLetterConfig(AlterConfigOp.OpType.DELETE);
                            poisonOften.accept(false);
                        }));
    }

    private void addPartition() {
        try (Admin admin = admin()) {
            int count = Objects.requireNonNull(
                            got(admin.describeTopics(List.of(topic)).allTopicNames())
                                    .get(topic))
                    .partitions()
                    .size();
            if (count < MOST_PARTITIONS) {
                got(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count + 1)))
                        .all());
            }
        }
    }

    private void deadLetterConfig(AlterConfigOp.OpType operation) {
        try (Admin admin = admin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, deadLetterTopic);
            AlterConfigOp change = new AlterConfigOp(new ConfigEntry("min.insync.replicas", "4"), operation);
            got(admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private static <T> T got(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
