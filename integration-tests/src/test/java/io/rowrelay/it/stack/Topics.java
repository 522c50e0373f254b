package io.rowrelay.it.stack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Topics for tests: read, made and emptied. */
public final class Topics {
    private static final Pattern ACTION_ID = Pattern.compile("\"action_id\":\\s*(\\d+)");

    private Topics() {}

    /** Every record that lies on a topic now, each partition in its order; none while there is no such topic. */
    public static List<ConsumerRecord<byte[], byte[]>> read(String bootstrapServers, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "allow.auto.create.topics", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    Objects.requireNonNullElse(consumer.partitionsFor(topic), List.<PartitionInfo>of()).stream()
                            .map(partition -> new TopicPartition(topic, partition.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** The offsets that a group has committed, without the partitions of which it has committed none. */
    public static Map<TopicPartition, Long> committed(String bootstrapServers, String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            offsets.put(partition, offset.offset());
                        }
                    });
            return offsets;
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot read the offsets of " + group, failure);
        }
    }

    /** How many records of a topic lie behind the offsets that a group has committed. */
    public static long uncommitted(String bootstrapServers, String topic, String group) {
        Map<TopicPartition, Long> committed = committed(bootstrapServers, group);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            return consumer.endOffsets(partitions).entrySet().stream()
                    .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L))
                    .sum();
        }
    }

    /** Makes a topic of one partition. */
    public static void create(String bootstrapServers, String topic) {
        create(bootstrapServers, topic, 1);
    }

    /** Makes a topic. */
    public static void create(String bootstrapServers, String topic, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot create topic " + topic, failure);
        }
    }

    /** Lets a topic drop every record that it has, as its retention does. */
    public static void empty(String bootstrapServers, String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            TopicDescription described =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            Objects.requireNonNull(described, topic)
                    .partitions()
                    .forEach(each ->
                            all.put(new TopicPartition(topic, each.partition()), RecordsToDelete.beforeOffset(-1)));
            admin.deleteRecords(all).all().get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot empty topic " + topic, failure);
        }
    }

    /** The names of all topics. */
    public static Set<String> names(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listTopics().names().get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("cannot list the topics", failure);
        }
    }

    /** The action_id in a change's JSON. */
    public static long actionId(byte[] json) {
        Matcher matcher = ACTION_ID.matcher(new String(json, StandardCharsets.UTF_8));
        if (!matcher.find()) {
            throw new IllegalArgumentException("no action_id in it");
        }
        return Long.parseLong(matcher.group(1));
    }
}
