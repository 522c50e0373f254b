package io.rowrelay.producer.kafka;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;

/**
 * A Kafka client together with its numbers, which end with it.
 *
 * @param producer the client
 * @param metrics what watches it, with a thread of its own
 */
public record PublishingClient(Producer<byte[], byte[]> producer, KafkaClientMetrics metrics) {

    /** Gives up what is not acknowledged, without waiting. */
    void abandon() {
        metrics.close();
        producer.close(Duration.ZERO);
    }
}
