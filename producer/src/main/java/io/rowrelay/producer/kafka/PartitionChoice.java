package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Utils;

/**
 * Chooses the partition of a change as Kafka's client does by default, so that it is known before the broker answers: by the hash of
 * its key. Changes without a key go round by their action_id. Not thread-safe.
 */
final class PartitionChoice {
    private final Map<String, Integer> partitions = new HashMap<>();

    /** Topics may have got more partitions. */
    void forget() {
        partitions.clear();
    }

    /**
     * The partition of a change.
     *
     * @throws OutageException when the broker does not say how many there are
     */
    int of(Change change, Producer<byte[], byte[]> producer) throws OutageException {
        int count = count(change.table().topic(), producer);
        byte[] key = change.key();
        return key == null ? (int) (change.actionId() % count) : Utils.toPositive(Utils.murmur2(key)) % count;
    }

    private int count(String topic, Producer<byte[], byte[]> producer) throws OutageException {
        Integer known = partitions.get(topic);
        if (known != null) {
            return known;
        }
        try {
            int count = producer.partitionsFor(topic).size();
            partitions.put(topic, count);
            return count;
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (KafkaException failure) {
            if (KafkaFailures.isRetriable(failure)) {
                throw KafkaFailures.outage("asking for the partitions of topic " + topic, failure);
            }
            throw failure;
        }
    }
}
