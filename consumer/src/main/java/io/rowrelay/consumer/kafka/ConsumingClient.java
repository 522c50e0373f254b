package io.rowrelay.consumer.kafka;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A Kafka client together with its numbers, which end with it.
 *
 * @param consumer the client
 * @param metrics what watches it, with a thread of its own
 * @param slow whether it reads a record at a time, since what the client before it read did not fit the memory together
 */
public record ConsumingClient(Consumer<byte[], byte[]> consumer, KafkaClientMetrics metrics, boolean slow) {

    void close(CloseOptions options) {
        metrics.close();
        consumer.close(options);
    }
}
