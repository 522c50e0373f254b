package io.rowrelay.consumer.apply;

import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Cuts a poll into pieces, each a transaction of its own in the destination, so that one can be judged while the one before it
 * is written. Together they cover what the poll covers, and of each partition in its order.
 */
final class Pieces {
    private Pieces() {}

    /** Pieces of so many records at most; never none. */
    static List<Poll> of(Poll poll, int most) {
        if (poll.records().size() <= most) {
            return List.of(poll);
        }
        List<Poll> pieces = new ArrayList<>();
        Map<Integer, Stretch> left = poll.stretches().stream()
                .collect(Collectors.toMap(Stretch::partition, Function.identity(), (one, other) -> one, TreeMap::new));
        for (int from = 0; from < poll.records().size(); from += most) {
            int to = Math.min(from + most, poll.records().size());
            List<TopicRecord> records = poll.records().subList(from, to);
            pieces.add(new Poll(
                    records, to < poll.records().size() ? covered(records, left) : List.copyOf(left.values())));
        }
        return pieces;
    }

    /**
     * What the records cover of what is left, which is left no more. The leader epoch is that of the last record of the poll: it
     * may be later than that of the piece's own last one, but the log that was read with it holds both.
     */
    private static List<Stretch> covered(List<TopicRecord> records, Map<Integer, Stretch> left) {
        Map<Integer, Long> ends = records.stream()
                .collect(Collectors.toMap(
                        TopicRecord::partition, record -> record.offset() + 1, Math::max, TreeMap::new));
        List<Stretch> covered = new ArrayList<>();
        ends.forEach((partition, end) -> {
            Stretch whole = left.get(partition);
            if (whole != null) {
                covered.add(new Stretch(partition, whole.topicId(), whole.from(), end, whole.leaderEpoch()));
                left.put(partition, new Stretch(partition, whole.topicId(), end, whole.to(), whole.leaderEpoch()));
            }
        });
        return covered;
    }
}
