package io.rowrelay.it.random;

import io.rowrelay.it.stack.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends records of a topic again, in any order, and moves its keys to other partitions. */
public final class Redelivery {
    private final String bootstrapServers;
    private final String topic;

    /** Nothing is opened yet. */
    public Redelivery(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    /** Sends some of the records on the topic once more, shuffled; returns how many. */
    public int sendAgain(Random random, int atMost) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(Topics.read(bootstrapServers, topic));
        Collections.shuffle(records, random);
        List<ConsumerRecord<byte[], byte[]>> some = records.subList(0, Math.min(atMost, records.size()));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            some.forEach(record -> {
                var unused = producer.send(new ProducerRecord<>(topic, record.key(), record.value()));
            });
        }
        return some.size();
    }

    /** Adds a partition, so that keys move to another one. */
    public void addPartition() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            int partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size();
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions + 1)))
                    .all()
                    .get();
        }
    }
}
