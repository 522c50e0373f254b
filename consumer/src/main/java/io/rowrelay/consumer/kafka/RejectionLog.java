package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the log which records are on the dead-letter topic: each while they are few, else a line per cause. Shows no
 * value of a row.
 */
final class RejectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    private static final int FEW = 10;

    private final String deadLetterTopic;

    RejectionLog(String deadLetterTopic) {
        this.deadLetterTopic = deadLetterTopic;
    }

    void rejected(List<Rejected> rejected) {
        if (rejected.size() <= FEW) {
            rejected.forEach(this::one);
            return;
        }
        Map<String, List<Rejected>> byCause = rejected.stream()
                .collect(Collectors.groupingBy(Rejected::why, LinkedHashMap::new, Collectors.toList()));
        byCause.forEach(this::many);
        for (Rejected rejection : rejected) {
            TopicRecord origin = rejection.origin();
            LOG.debug(
                    "record rejected: reason={} partition={} offset={}",
                    rejection.why(),
                    origin.partition().number(),
                    origin.offset());
        }
    }

    private void one(Rejected rejection) {
        LOG.warn(
                "record rejected: reason={} topic={} partition={} offset={}; it is on topic={} with the details",
                rejection.why(),
                rejection.origin().partition().topic(),
                rejection.origin().partition().number(),
                rejection.origin().offset(),
                deadLetterTopic);
    }

    private void many(String why, List<Rejected> rejected) {
        TopicRecord first = rejected.get(0).origin();
        LOG.warn(
                "records rejected={} reason={} topic={} first partition={} offset={}; they are on topic={} with the details",
                rejected.size(),
                why,
                first.partition().topic(),
                first.partition().number(),
                first.offset(),
                deadLetterTopic);
    }
}
