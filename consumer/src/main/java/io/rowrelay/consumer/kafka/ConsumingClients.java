package io.rowrelay.consumer.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.consumer.apply.BatchSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** Opens the consumer's Kafka clients, with what the user left open set for its way of working. */
public final class ConsumingClients {
    private final KafkaClientSettings settings;
    private final String groupId;
    private final MeterRegistry registry;
    private @Nullable BoundedConsumer<byte[]> last;

    /** The settings are those of the configuration, the reserved properties among them. */
    public ConsumingClients(KafkaClientSettings settings, String groupId, MeterRegistry registry) {
        this.settings = settings;
        this.groupId = groupId;
        this.registry = registry;
    }

    /** Returns how to ask for the group that reads the topics, and who in it would be this consumer. */
    public ConsumerGroup group(TopicIdentity topics, LongSupplier nanoClock) {
        Object instance = settings.consumer().get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return new ConsumerGroup(
                topics,
                groupId,
                Optional.ofNullable(instance).map(Object::toString).filter(id -> !id.isEmpty()),
                nanoClock);
    }

    /** Opens the client that reads the topic: a record at a time where the one before it overflowed. */
    public ConsumingClient consumer() {
        Map<String, Object> properties = new HashMap<>(settings.consumer());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        if (!"consumer".equalsIgnoreCase(String.valueOf(properties.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            properties.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            // How long the partitions of a consumer that was killed stay with it.
            properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        }
        // One poll is a few transactions in the destination.
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BatchSize.POLL);
        boolean slow = last != null && last.overflowed();
        if (slow) {
            properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        }
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
        // Records that are fetched and not yet read take most of the memory of a consumer that catches up.
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
        // New topics and partitions are to be noticed in seconds, not in the five minutes of the default.
        properties.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        BoundedConsumer<byte[]> client = BoundedConsumer.manyOfBytes(properties);
        last = client;
        KafkaClientMetrics metrics = new KafkaClientMetrics(client);
        metrics.bindTo(registry);
        return new ConsumingClient(client, metrics, slow);
    }

    /** Opens the client that writes dead letters. */
    public DeadLetterClient deadLetterProducer() {
        Map<String, Object> properties = new HashMap<>(settings.producer());
        // A dead letter is its record with headers around it; what the topic takes is the topic's to say.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        // Dead letters have no order, and a failed send is repeated by the consumer itself, which can be stopped.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        KafkaProducer<byte[], byte[]> client = new KafkaProducer<>(properties);
        KafkaClientMetrics metrics = new KafkaClientMetrics(client);
        metrics.bindTo(registry);
        return new DeadLetterClient(client, metrics);
    }
}
