package io.rowrelay.consumer.apply;

import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.record.Partition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that wait for the destination table to be altered, while the others go on: as an outage of each, logged once. Not
 * thread-safe.
 */
final class HeldPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(HeldPartitions.class);

    private final ChangeStream stream;
    private final Map<Partition, UnfitChange> held = new TreeMap<>();

    HeldPartitions(ChangeStream stream) {
        this.stream = stream;
    }

    /** Holds back the partitions of these changes; returns from which offset on each. */
    Map<Partition, Long> hold(List<UnfitChange> unfit) {
        Map<Partition, Long> offsets = new HashMap<>();
        for (UnfitChange change : unfit) {
            offsets.put(change.record().partition(), change.record().offset());
            if (!change.equals(held.put(change.record().partition(), change))) {
                LOG.warn("waiting: {}", text(change));
            }
        }
        stream.holdBack(offsets);
        return offsets;
    }

    /** These offsets are finished. */
    void finished(List<OffsetRange> ranges) {
        for (OffsetRange range : ranges) {
            UnfitChange change = held.get(range.partition());
            if (change != null && range.to() > change.record().offset()) {
                held.remove(range.partition());
                LOG.info("working again after: {}", text(change));
            }
        }
    }

    /** What waits, and what ends that; empty when nothing does. */
    Optional<String> reason() {
        held.keySet().removeIf(partition -> !stream.isAssigned(partition));
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(held.values().stream().map(HeldPartitions::text).collect(Collectors.joining("; ")));
    }

    private static String text(UnfitChange change) {
        return "record " + change.record() + " and what follows it in its partition: " + change.problem();
    }
}
