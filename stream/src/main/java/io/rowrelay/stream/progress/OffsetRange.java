package io.rowrelay.stream.progress;

import io.rowrelay.stream.record.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The offsets that one poll read of a partition. A range begins where the one before it ended, so a hole between them shows.
 *
 * @param partition which
 * @param topicId the identity of the topic that it was read from
 * @param from the first offset
 * @param to the offset after the last
 * @param leaderEpoch the partition's leader epoch when the last was read; empty where it is not known
 */
public record OffsetRange(Partition partition, String topicId, long from, long to, Optional<Integer> leaderEpoch) {
    public OffsetRange {
        if (from > to) {
            throw new IllegalArgumentException("a range from " + from + " to " + to);
        }
    }

    /** For a partition whose leader epoch is not known. */
    public OffsetRange(Partition partition, String topicId, long from, long to) {
        this(partition, topicId, from, to, Optional.empty());
    }

    /** What of it lies before the offset; empty when nothing does. */
    public Optional<OffsetRange> before(long offset) {
        if (to <= offset) {
            return Optional.of(this);
        }
        return from < offset ? Optional.of(new OffsetRange(partition, topicId, from, offset)) : Optional.empty();
    }

    /** Both as one for each partition, sorted by partition; where both have one, the later goes on where the earlier ends. */
    public static List<OffsetRange> joined(List<OffsetRange> earlier, List<OffsetRange> later) {
        Map<Partition, OffsetRange> joined = new TreeMap<>();
        earlier.forEach(range -> joined.put(range.partition(), range));
        later.forEach(range -> joined.merge(range.partition(), range, OffsetRange::goingOnWith));
        return new ArrayList<>(joined.values());
    }

    private OffsetRange goingOnWith(OffsetRange next) {
        if (next.from() != to || !next.topicId().equals(topicId)) {
            throw new IllegalStateException(next + " does not go on where " + this + " ends");
        }
        return new OffsetRange(partition, topicId, from, next.to(), next.leaderEpoch());
    }
}
