package io.rowrelay.producer.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.rowrelay.common.kafka.KafkaClientSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Opens the Kafka clients that publish, with what the user left open set for low latency. */
public final class PublishingClients {

    private final KafkaClientSettings settings;
    private final MeterRegistry registry;

    /** The settings are those of the configuration, the reserved properties among them. */
    public PublishingClients(KafkaClientSettings settings, MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    private Map<String, Object> properties() {
        Map<String, Object> complete = new HashMap<>(settings.producer());
        // The page is the batch: what belongs together is handed over at once, so there is nothing to linger for.
        complete.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        complete.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 131_072);
        complete.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // Short, so that an outage is reported and a stop is noticed soon; a record that was not accepted is handed
        // over again.
        complete.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        complete.putIfAbsent(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        complete.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000);
        return complete;
    }

    /** Opens a client. */
    public PublishingClient open() {
        KafkaProducer<byte[], byte[]> client = new KafkaProducer<>(properties());
        KafkaClientMetrics metrics = new KafkaClientMetrics(client);
        metrics.bindTo(registry);
        return new PublishingClient(client, metrics);
    }
}
