package io.rowrelay.stream.kafka;

import io.rowrelay.common.kafka.BoundedConsumer;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.UnreadableRecordException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.json.CutJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the cuts at the end of a cut topic. It does not wait for what is written meanwhile. */
public final class CutTail {
    private static final Logger LOG = LoggerFactory.getLogger(CutTail.class);
    private static final int RECORDS = 50;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(50);

    private CutTail() {}

    /**
     * Returns the last cuts, the oldest first. Records that are none are passed over.
     *
     * @param consumer properties of a consumer
     * @param topic a topic that exists; it may be empty
     * @throws OutageException when the broker does not answer in time, or refuses
     */
    public static List<Cut> read(Map<String, Object> consumer, String topic)
            throws OutageException, InterruptedException {
        BoundedConsumer<byte[]> client = BoundedConsumer.ofBytes(TopicTail.bounded(consumer));
        try {
            return read(client, new TopicPartition(topic, 0));
        } catch (UnreadableRecordException tooLarge) {
            LOG.warn("looking at no cut of topic {}: {}", topic, tooLarge.getMessage());
            return List.of();
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while reading a topic").initCause(interrupted);
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("reading the end of topic " + topic, failure);
        } finally {
            client.close(CloseOptions.timeout(CLOSE_DEADLINE));
        }
    }

    private static List<Cut> read(BoundedConsumer<byte[]> client, TopicPartition partition) throws OutageException {
        List<TopicPartition> only = List.of(partition);
        client.assign(only);
        long begin = client.beginningOffsets(only).getOrDefault(partition, 0L);
        long end = client.endOffsets(only).getOrDefault(partition, 0L);
        client.seek(partition, Math.max(begin, end - RECORDS));
        List<Cut> cuts = new ArrayList<>();
        long deadlineAt = System.nanoTime() + DEADLINE.toNanos();
        while (client.position(partition) < end) {
            if (System.nanoTime() - deadlineAt >= 0) {
                throw new OutageException("the end of topic " + partition.topic() + " cannot be read in time", null);
            }
            for (ConsumerRecord<byte[], byte[]> record : client.poll(POLL).records(partition)) {
                CutJson.parse(record.value()).ifPresent(found -> {
                    if (found instanceof Cut cut) {
                        cuts.add(cut);
                    }
                });
            }
        }
        return cuts;
    }
}
