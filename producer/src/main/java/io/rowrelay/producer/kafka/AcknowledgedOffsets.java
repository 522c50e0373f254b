package io.rowrelay.producer.kafka;

import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.stream.record.Partition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The offset up to which each partition has acknowledged. A client's records are acknowledged in the order of their offsets, so
 * an acknowledgement with an earlier offset shows that the partition was cut. Safe for any thread.
 */
final class AcknowledgedOffsets {
    /** By topic and number of the partition: an acknowledgement finds its partition without making a key object. */
    private final Map<String, Map<Integer, PublishedOffsets.Last>> topics = new HashMap<>();

    private Map<String, String> topicIds = Map.of();
    private @Nullable String contradiction;

    /** The state before anything is acknowledged. */
    synchronized void begin(PublishedOffsets published) {
        topicIds = published.topicIds();
        topics.clear();
        published
                .partitions()
                .forEach((partition, last) -> partitions(partition.topic()).put(partition.number(), last));
        contradiction = null;
    }

    synchronized void acknowledged(RecordMetadata record, long actionId) {
        Map<Integer, PublishedOffsets.Last> partitions = partitions(record.topic());
        PublishedOffsets.Last last = partitions.getOrDefault(record.partition(), PublishedOffsets.Last.NOTHING);
        if (record.offset() >= last.nextOffset()) {
            partitions.put(record.partition(), new PublishedOffsets.Last(record.offset() + 1, actionId));
        } else if (contradiction == null) {
            // The former state stays, so that the stored one goes on to show the loss.
            contradiction = "partition " + new Partition(record.topic(), record.partition())
                    + " has put a new record at offset " + record.offset() + ", and had acknowledged up to offset "
                    + (last.nextOffset() - 1) + " before";
        }
    }

    private Map<Integer, PublishedOffsets.Last> partitions(String topic) {
        return topics.computeIfAbsent(topic, added -> new HashMap<>());
    }

    synchronized Optional<String> contradiction() {
        return Optional.ofNullable(contradiction);
    }

    synchronized PublishedOffsets published() {
        Map<Partition, PublishedOffsets.Last> published = new HashMap<>();
        topics.forEach((topic, partitions) ->
                partitions.forEach((number, last) -> published.put(new Partition(topic, number), last)));
        return new PublishedOffsets(topicIds, published);
    }
}
