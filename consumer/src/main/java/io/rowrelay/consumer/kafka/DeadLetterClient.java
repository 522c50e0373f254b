package io.rowrelay.consumer.kafka;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;

/**
 * A Kafka client together with its numbers, which end with it.
 *
 * @param producer the client
 * @param metrics what watches it, with a thread of its own
 */
public record DeadLetterClient(Producer<byte[], byte[]> producer, KafkaClientMetrics metrics) {

    void close(Duration atMost) {
        metrics.close();
        producer.close(atMost);
    }
}
