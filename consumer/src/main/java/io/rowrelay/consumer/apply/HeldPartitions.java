package io.rowrelay.consumer.apply;

import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.progress.Beginning;
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
import org.slf4j.event.Level;

/**
 * Partitions that wait for somebody to alter the destination table or to remove a record, while the others go on: as an outage of
 * each, logged once. Not thread-safe.
 */
final class HeldPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(HeldPartitions.class);

    private final ChangeStream stream;
    private final Map<Partition, UnfitChange> held = new TreeMap<>();

    HeldPartitions(ChangeStream stream) {
        this.stream = stream;
    }

    /** Holds back the partitions of these changes; returns from which offset on each. */
    Map<Partition, Long> holdUnfit(List<UnfitChange> unfit) {
        Map<Partition, Long> offsets = new HashMap<>();
        for (UnfitChange change : unfit) {
            offsets.put(change.record().partition(), change.record().offset());
            hold(change, Level.WARN);
        }
        stream.holdBack(offsets);
        return offsets;
    }

    /** The stream holds back the partition of a record that it cannot read, until a human has done something about it. */
    void holdUnreadable(UnfitChange change) {
        hold(change, Level.ERROR);
    }

    private void hold(UnfitChange change, Level level) {
        if (!change.equals(held.put(change.record().partition(), change))) {
            LOG.atLevel(level).log("waiting: {}", text(change));
        }
    }

    /** These offsets are finished. */
    void finished(List<OffsetRange> ranges) {
        ranges.forEach(range -> passed(range.partition(), range.to()));
    }

    /** The topic may have dropped what was waited for, or be another one. */
    void begun(List<Beginning> beginnings) {
        beginnings.forEach(beginning ->
                passed(beginning.state().partition(), beginning.isCorrection() ? Long.MAX_VALUE : beginning.offset()));
    }

    private void passed(Partition partition, long next) {
        UnfitChange change = held.get(partition);
        if (change != null && next > change.record().offset()) {
            held.remove(partition);
            LOG.info("working again after: {}", text(change));
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
