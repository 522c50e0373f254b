package io.rowrelay.stream.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the records of partitions from one offset to another. */
public final class TopicRange {
    private TopicRange() {}

    /**
     * Reads until every partition is at its end.
     *
     * @param from the first offset to read, by partition
     * @param to the offset behind the last one, by partition
     * @param each takes each record in between
     * @param goOn asked before each poll; reading ends when it says no
     * @return whether the ends were reached
     */
    public static <V> boolean read(
            KafkaConsumer<byte[], V> client,
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Duration poll,
            Consumer<ConsumerRecord<byte[], V>> each,
            BooleanSupplier goOn) {
        Set<TopicPartition> unread = new HashSet<>(from.keySet());
        client.assign(unread);
        // A partition that was read before was paused at its end.
        client.resume(unread);
        from.forEach(client::seek);
        while (true) {
            // The position also passes offsets without a record, such as those of transactions; polled records do not
            // show them.
            List<TopicPartition> read = unread.stream()
                    .filter(partition -> client.position(partition) >= to.getOrDefault(partition, 0L))
                    .toList();
            client.pause(read);
            read.forEach(unread::remove);
            if (unread.isEmpty()) {
                return true;
            }
            if (!goOn.getAsBoolean()) {
                return false;
            }
            client.poll(poll).forEach(record -> {
                if (record.offset() < to.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                    each.accept(record);
                }
            });
        }
    }
}
