package io.rowrelay.admin.look;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The topic held against what the destination has applied of it.
 *
 * @param partitions each by itself
 */
public record Reckoning(List<Line> partitions) {

    /** How a place in the destination fits the topic. */
    public enum Fit {
        /** The topic holds everything that is still to be applied. */
        FITS,
        /** The topic has dropped records before they were applied. */
        DROPPED,
        /** The topic ends before the place: it was cut. */
        CUT,
        /** The place is one in another topic, of the same name. */
        REPLACED
    }

    /**
     * One partition.
     *
     * @param partition as Kafka knows it
     * @param next the first offset that is not applied; empty where the destination knows nothing of this topic
     * @param lag records that are still to be applied
     * @param fit how the two fit
     * @param unaccounted records that were never applied and cannot be any more, or that were applied and are gone; empty
     *     where that cannot be told
     */
    public record Line(
            TopicFacts.Partition partition, OptionalLong next, long lag, Fit fit, OptionalLong unaccounted) {}

    public Reckoning {
        partitions = List.copyOf(partitions);
    }

    /** Compares. */
    public static Reckoning of(TopicFacts topic, DestinationFacts destination) {
        return new Reckoning(topic.partitions().stream()
                .map(partition -> line(
                        topic.topicId(),
                        partition,
                        Optional.ofNullable(destination.places().get(partition.number()))))
                .toList());
    }

    private static Line line(String topicId, TopicFacts.Partition partition, Optional<DestinationFacts.Place> place) {
        long held = partition.end() - partition.begin();
        if (place.isPresent() && !place.get().topicId().equals(topicId)) {
            return new Line(partition, OptionalLong.empty(), held, Fit.REPLACED, OptionalLong.empty());
        }
        long next = place.map(DestinationFacts.Place::nextOffset).orElse(0L);
        OptionalLong known = place.isPresent() ? OptionalLong.of(next) : OptionalLong.empty();
        if (next < partition.begin()) {
            return new Line(partition, known, held, Fit.DROPPED, OptionalLong.of(partition.begin() - next));
        }
        return next > partition.end()
                ? new Line(partition, known, held, Fit.CUT, OptionalLong.of(next - partition.end()))
                : new Line(partition, known, partition.end() - next, Fit.FITS, OptionalLong.of(0));
    }

    /** Records that were finished with: applied, or dead letters. */
    public long finished() {
        return partitions.stream().mapToLong(line -> line.next().orElse(0)).sum();
    }

    /** Records still to be applied. */
    public long lag() {
        return partitions.stream().mapToLong(Line::lag).sum();
    }

    /** Their first offsets, for partitions that have any. */
    public Map<Integer, Long> unapplied() {
        return partitions.stream()
                .filter(line -> line.lag() > 0)
                .collect(Collectors.toMap(
                        line -> line.partition().number(),
                        line -> line.partition().end() - line.lag(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** The sum over all partitions; empty as soon as one cannot be told. */
    public OptionalLong unaccounted() {
        return partitions.stream().anyMatch(line -> line.unaccounted().isEmpty())
                ? OptionalLong.empty()
                : OptionalLong.of(partitions.stream()
                        .mapToLong(line -> line.unaccounted().orElse(0))
                        .sum());
    }
}
