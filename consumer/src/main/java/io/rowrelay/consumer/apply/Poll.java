package io.rowrelay.consumer.apply;

import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What came with one poll.
 *
 * @param records in the order of their offsets within each partition
 * @param ranges what they cover, one for each partition that moved
 * @param unreadable a record that holds up its partition
 */
public record Poll(List<TopicRecord> records, List<OffsetRange> ranges, Optional<UnfitChange> unreadable) {
    /** Nothing came. */
    public static final Poll NOTHING = new Poll(List.of(), List.of());

    public Poll(List<TopicRecord> records, List<OffsetRange> ranges) {
        this(records, ranges, Optional.empty());
    }

    public Poll {
        records = List.copyOf(records);
        ranges = List.copyOf(ranges);
    }

    /**
     * The same in parts of at most this many records, each a transaction of its own in the destination, so that one can be validated
     * while the one before it is written. Together they cover what the poll covers, and of each partition in its order. Never none.
     */
    List<Poll> split(int most) {
        if (records.size() <= most) {
            return List.of(this);
        }
        List<Poll> parts = new ArrayList<>();
        Map<Partition, OffsetRange> left = ranges.stream()
                .collect(Collectors.toMap(
                        OffsetRange::partition, Function.identity(), (one, other) -> one, TreeMap::new));
        for (int from = 0; from < records.size(); from += most) {
            int to = Math.min(from + most, records.size());
            List<TopicRecord> part = records.subList(from, to);
            parts.add(new Poll(part, to < records.size() ? covered(part, left) : List.copyOf(left.values())));
        }
        return parts;
    }

    /**
     * Takes the ranges of the records off what is left, and returns them. The leader epoch is that of the last record of the poll: it
     * may be later than that of the part's own last one, but the log that was read with it holds both.
     */
    private static List<OffsetRange> covered(List<TopicRecord> records, Map<Partition, OffsetRange> left) {
        Map<Partition, Long> ends = records.stream()
                .collect(Collectors.toMap(
                        TopicRecord::partition, record -> record.offset() + 1, Math::max, TreeMap::new));
        List<OffsetRange> covered = new ArrayList<>();
        ends.forEach((partition, end) -> {
            OffsetRange whole = left.get(partition);
            if (whole != null) {
                covered.add(new OffsetRange(partition, whole.topicId(), whole.from(), end, whole.leaderEpoch()));
                left.put(partition, new OffsetRange(partition, whole.topicId(), end, whole.to(), whole.leaderEpoch()));
            }
        });
        return covered;
    }
}
