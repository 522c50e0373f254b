package io.rowrelay.consumer.kafka;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A Kafka client together with its numbers, which end with it.
 *
 * @param consumer the client
 * @param metrics what watches it, with a thread of its own
 */
public record ConsumingClient(Consumer<byte[], byte[]> consumer, KafkaClientMetrics metrics) {

    void close(CloseOptions options) {
        metrics.close();
        consumer.close(options);
    }
}
