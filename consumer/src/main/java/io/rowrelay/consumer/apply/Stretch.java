package io.rowrelay.consumer.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was read of one partition at a time. One stretch begins where the one before it ended, so that a hole between them
 * shows.
 *
 * @param partition its number
 * @param topicId the identity of the topic that it was read from
 * @param from the first offset
 * @param to the offset after the last
 * @param leaderEpoch the partition's leader epoch when the last was read; empty where it is not known
 */
public record Stretch(int partition, String topicId, long from, long to, Optional<Integer> leaderEpoch) {
    public Stretch {
        if (from > to) {
            throw new IllegalArgumentException("a stretch from " + from + " to " + to);
        }
    }

    /** Of a partition whose leader epoch is not known. */
    public Stretch(int partition, String topicId, long from, long to) {
        this(partition, topicId, from, to, Optional.empty());
    }

    /** Both as one for each partition, sorted by partition; where both have one, the later goes on where the earlier ends. */
    static List<Stretch> joined(List<Stretch> earlier, List<Stretch> later) {
        Map<Integer, Stretch> joined = new TreeMap<>();
        earlier.forEach(stretch -> joined.put(stretch.partition(), stretch));
        later.forEach(stretch -> joined.merge(stretch.partition(), stretch, Stretch::goingOnWith));
        return new ArrayList<>(joined.values());
    }

    private Stretch goingOnWith(Stretch next) {
        if (next.from() != to || !next.topicId().equals(topicId)) {
            throw new IllegalStateException(next + " does not go on where " + this + " ends");
        }
        return new Stretch(partition, topicId, from, next.to(), next.leaderEpoch());
    }
}
