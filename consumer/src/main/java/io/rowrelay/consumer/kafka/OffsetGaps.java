package io.rowrelay.consumer.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What to do when the group's offset is not on the topic: say what is lost, and read on from the first record there is.
 * Reading too much is harmless, since a change that is not newer than the row has no effect.
 */
public final class OffsetGaps {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetGaps.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final LongConsumer lostRecords;

    /** {@code lostRecords} is told the count of each loss. */
    public OffsetGaps(LongConsumer lostRecords) {
        this.lostRecords = lostRecords;
    }

    void close(Consumer<byte[], byte[]> consumer, InvalidOffsetException failure) {
        Set<TopicPartition> partitions = failure.partitions();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, DEADLINE);
        for (TopicPartition partition : partitions) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            if (failure instanceof OffsetOutOfRangeException outOfRange) {
                report(partition, outOfRange.offsetOutOfRangePartitions().getOrDefault(partition, 0L), beginning);
            } else {
                reportNoOffset(partition, beginning);
            }
            consumer.seek(partition, beginning);
        }
    }

    /** A group that was away for so long that Kafka forgot it looks like a new one: either way it misses the beginning. */
    private void reportNoOffset(TopicPartition partition, long beginning) {
        if (beginning == 0) {
            LOG.info("no offset of the group yet: reading partition={} from its beginning", partition);
            return;
        }
        lostRecords.accept(beginning);
        LOG.error(
                "no offset of the group on partition={}, and its first records={} are gone from the topic: what of them this"
                        + " destination has not seen is lost, see docs/operations.md, \"The topic overtook the consumer\"",
                partition,
                beginning);
    }

    private void report(TopicPartition partition, long wanted, long beginning) {
        if (wanted < beginning) {
            lostRecords.accept(beginning - wanted);
            LOG.error(
                    "records lost={} on partition={}: the topic's retention overtook the consumer, next offset={} first"
                            + " offset there is={}; rows changed by them may be stale until repaired, see"
                            + " docs/operations.md, \"The topic overtook the consumer\"",
                    beginning - wanted,
                    partition,
                    wanted,
                    beginning);
        } else {
            LOG.error(
                    "partition={} ends before the next offset={}: the topic was deleted or cut; reading it again from"
                            + " offset={}, which is harmless, but changes published meanwhile may be lost, see"
                            + " docs/operations.md, \"The topic overtook the consumer\"",
                    partition,
                    wanted,
                    beginning);
        }
    }
}
