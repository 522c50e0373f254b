package io.rowrelay.admin.status;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Broker;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads what Kafka knows of a stream. */
final class TopicReader {
    private final Broker kafka;
    private final String topic;
    private final String deadLetterTopic;
    private final String groupId;

    TopicReader(Broker kafka, AdminSettings settings) {
        this.kafka = kafka;
        this.topic = settings.stream().topic();
        this.deadLetterTopic = settings.stream().deadLetterTopic();
        this.groupId = settings.groupId();
    }

    private record Offsets(TopicDescription topic, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {}

    TopicStatus read() throws OutageException, InterruptedException {
        // The group before the topic, so that nothing seems committed that was never published.
        Optional<ConsumerGroupDescription> group = kafka.askIfThere(
                "asking for consumer group " + groupId,
                admin -> admin.describeConsumerGroups(List.of(groupId))
                        .describedGroups()
                        .get(groupId));
        Map<TopicPartition, Long> committed = committed();
        Offsets offsets = offsets(topic).orElseThrow(() -> new OutageException("there is no topic " + topic, null));
        Map<TopicPartition, String> consumers = consumers(group);
        List<TopicStatus.Partition> partitions = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> end : offsets.ends().entrySet()) {
            TopicPartition partition = end.getKey();
            Long own = committed.get(partition);
            partitions.add(new TopicStatus.Partition(
                    partition.partition(),
                    offsets.begins().getOrDefault(partition, 0L),
                    end.getValue(),
                    own == null ? OptionalLong.empty() : OptionalLong.of(own),
                    Optional.ofNullable(consumers.get(partition))));
        }
        partitions.sort((one, other) -> Integer.compare(one.number(), other.number()));
        return new TopicStatus(offsets.topic().topicId().toString(), partitions, group(group), deadLetters());
    }

    private TopicStatus.Group group(Optional<ConsumerGroupDescription> group) {
        return group.map(found -> new TopicStatus.Group(
                        groupId, found.groupState().toString(), found.members().size()))
                .orElse(new TopicStatus.Group(groupId, "Unknown", 0));
    }

    private Optional<Long> deadLetters() throws OutageException, InterruptedException {
        return offsets(deadLetterTopic).map(found -> sum(found.ends()) - sum(found.begins()));
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private Optional<Offsets> offsets(String name) throws OutageException, InterruptedException {
        String doing = "asking for topic " + name;
        Optional<TopicDescription> described = kafka.askIfThere(
                doing,
                admin -> admin.describeTopics(List.of(name)).topicNameValues().get(name));
        if (described.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Offsets(
                described.get(),
                offsets(doing, described.get(), OffsetSpec.earliest()),
                offsets(doing, described.get(), OffsetSpec.latest())));
    }

    private Map<TopicPartition, Long> offsets(String doing, TopicDescription described, OffsetSpec which)
            throws OutageException, InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        described
                .partitions()
                .forEach(partition -> wanted.put(new TopicPartition(described.name(), partition.partition()), which));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                kafka.ask(doing, admin -> admin.listOffsets(wanted).all());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    private Map<TopicPartition, Long> committed() throws OutageException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> found = kafka.askIfThere(
                        "asking for the offsets of consumer group " + groupId,
                        admin -> admin.listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata())
                .orElse(Map.of());
        Map<TopicPartition, Long> committed = new HashMap<>();
        found.forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    private static Map<TopicPartition, String> consumers(Optional<ConsumerGroupDescription> group) {
        Map<TopicPartition, String> consumers = new HashMap<>();
        group.ifPresent(found -> found.members()
                .forEach(member -> member.assignment()
                        .topicPartitions()
                        .forEach(partition -> consumers.put(partition, member.clientId() + " at " + member.host()))));
        return consumers;
    }
}
