package io.rowrelay.consumer.cut;

import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.CutRecord.Opened;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A window of which something has come. */
final class PendingWindow {
    /** About what a change takes beside its bytes. */
    private static final long CHANGE_BYTES = 150;

    private final WindowId id;
    private final Map<Partition, Arrived> arrived = new HashMap<>();
    private final Map<Partition, Long> missing = new HashMap<>();
    private List<CutChange> changes = new ArrayList<>();
    private long bytes;
    private final Map<String, Long> staged = new HashMap<>();
    private long arrivedInAll;
    private long cutTopicOffset = Long.MAX_VALUE;
    private long source;
    private @Nullable Snapshot s1;
    private @Nullable Cut cut;

    /** What has come of a partition. */
    private static final class Arrived {
        private final long firstOffset;
        private long count;

        private Arrived(long firstOffset) {
            this.firstOffset = firstOffset;
        }
    }

    PendingWindow(WindowId id) {
        this.id = id;
    }

    WindowId id() {
        return id;
    }

    /** Takes what the cut topic says of it. */
    void take(CutRecord record, long offset) {
        cutTopicOffset = Math.min(cutTopicOffset, offset);
        source = record.source();
        if (record instanceof Opened opened) {
            s1 = opened.s1();
        } else if (record instanceof Missing less) {
            less.counts().forEach((partition, count) -> missing.merge(partition, count, Long::sum));
        } else if (record instanceof Cut end) {
            s1 = end.s1();
            cut = end;
        }
    }

    /** Takes a change of it; returns about what that takes in memory. */
    long take(CutChange change) {
        changes.add(change);
        long size = size(change);
        bytes += size;
        arrivedInAll++;
        arrived.computeIfAbsent(
                        change.record().partition(),
                        first -> new Arrived(change.record().offset()))
                .count++;
        return size;
    }

    private static long size(CutChange change) {
        byte[] key = change.record().key();
        byte[] value = change.record().value();
        return CHANGE_BYTES + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    /** The cluster that it was read from; 0 while that is not known. */
    long source() {
        return source;
    }

    /** The state before it; null while that is not known. */
    @Nullable
    Snapshot s1() {
        return s1;
    }

    /** Its end; null while that is not known. */
    @Nullable
    Cut cut() {
        return cut;
    }

    /** The first record about it on the cut topic. */
    long cutTopicOffset() {
        return cutTopicOffset;
    }

    /** The first record of it in each partition. */
    Map<Partition, Long> firstOffsets() {
        return arrived.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().firstOffset));
    }

    /** Its changes that are in memory. */
    List<CutChange> changes() {
        return changes;
    }

    /** About what they take. */
    long bytes() {
        return bytes;
    }

    /** How many changes were staged. */
    long staged() {
        long sum = 0;
        for (long each : staged.values()) {
            sum += each;
        }
        return sum;
    }

    /** The same for each table. */
    Map<String, Long> stagedByTable() {
        return Map.copyOf(staged);
    }

    /** How many of its changes are here or staged, for each table. */
    void countByTable(Map<String, Long> counts) {
        staged.forEach((table, count) -> counts.merge(table, count, Long::sum));
        CutChange.countByTable(changes, counts);
    }

    /** Its changes in memory are in the destination now. */
    void nowStaged() {
        CutChange.countByTable(changes, staged);
        changes = new ArrayList<>();
        bytes = 0;
    }

    /** Whether everything that was counted is here. */
    boolean isComplete() {
        Cut end = cut;
        if (end == null) {
            return false;
        }
        long expected = 0;
        for (long each : end.counts().values()) {
            expected += each;
        }
        for (long each : missing.values()) {
            expected -= each;
        }
        return expected == arrivedInAll && differences().isEmpty();
    }

    /** How many records of a partition are still to come; where that is not known yet, one. */
    long toCome(Partition partition) {
        return cut == null ? 1 : expected(partition) - count(partition);
    }

    /** How many records are still to come, of each partition that does not have exactly what was counted; negative where too many are there. */
    Map<Partition, Long> differences() {
        Map<Partition, Long> differences = new TreeMap<>();
        Cut end = cut;
        if (end != null) {
            end.counts().keySet().forEach(each -> differences.put(each, toCome(each)));
            arrived.keySet().forEach(each -> differences.put(each, toCome(each)));
            differences.values().removeIf(difference -> difference == 0);
        }
        return differences;
    }

    /** The partitions that its records are in, as far as its end says. */
    Set<Partition> partitions() {
        Cut end = cut;
        return end == null ? Set.of() : end.counts().keySet();
    }

    private long expected(Partition partition) {
        Cut end = cut;
        return end == null ? 0 : end.counts().getOrDefault(partition, 0L) - missing.getOrDefault(partition, 0L);
    }

    private long count(Partition partition) {
        Arrived some = arrived.get(partition);
        return some == null ? 0 : some.count;
    }
}
