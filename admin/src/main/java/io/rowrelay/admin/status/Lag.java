package io.rowrelay.admin.status;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far the destination is behind the topic.
 *
 * @param partitions each by itself
 */
public record Lag(List<PartitionLag> partitions) {

    /** How the destination's progress fits the topic. */
    public enum Fit {
        /** The topic holds everything that is still to be applied. */
        FITS,
        /** The topic has dropped records before they were applied. */
        DROPPED,
        /** The topic ends before the progress: it was cut. */
        CUT,
        /** The progress is that of another topic, of the same name. */
        REPLACED
    }

    /**
     * One partition.
     *
     * @param partition as Kafka knows it
     * @param next the first offset that is not applied; empty where the destination knows nothing of this topic
     * @param records that are still to be applied
     * @param fit how the two fit
     * @param unaccounted records that were never applied and cannot be any more, or that were applied and are gone; empty
     *     where that cannot be told
     */
    public record PartitionLag(
            TopicStatus.Partition partition, OptionalLong next, long records, Fit fit, OptionalLong unaccounted) {}

    public Lag {
        partitions = List.copyOf(partitions);
    }

    /** Compares. */
    public static Lag of(TopicStatus topic, DestinationStatus destination) {
        return new Lag(topic.partitions().stream()
                .map(partition -> lag(
                        topic.topicId(),
                        partition,
                        Optional.ofNullable(destination.progress().get(partition.number()))))
                .toList());
    }

    private static PartitionLag lag(
            String topicId, TopicStatus.Partition partition, Optional<DestinationStatus.Progress> progress) {
        long held = partition.end() - partition.begin();
        if (progress.isPresent() && !progress.get().topicId().equals(topicId)) {
            return new PartitionLag(partition, OptionalLong.empty(), held, Fit.REPLACED, OptionalLong.empty());
        }
        long next = progress.map(DestinationStatus.Progress::nextOffset).orElse(0L);
        OptionalLong known = progress.isPresent() ? OptionalLong.of(next) : OptionalLong.empty();
        if (next < partition.begin()) {
            return new PartitionLag(partition, known, held, Fit.DROPPED, OptionalLong.of(partition.begin() - next));
        }
        return next > partition.end()
                ? new PartitionLag(partition, known, held, Fit.CUT, OptionalLong.of(next - partition.end()))
                : new PartitionLag(partition, known, partition.end() - next, Fit.FITS, OptionalLong.of(0));
    }

    /** Records that were finished with: applied, or dead letters. */
    public long finished() {
        return partitions.stream().mapToLong(each -> each.next().orElse(0)).sum();
    }

    /** Records still to be applied. */
    public long records() {
        return partitions.stream().mapToLong(PartitionLag::records).sum();
    }

    /** Their first offsets, for partitions that have any. */
    public Map<Integer, Long> unapplied() {
        return partitions.stream()
                .filter(each -> each.records() > 0)
                .collect(Collectors.toMap(
                        each -> each.partition().number(),
                        each -> each.partition().end() - each.records(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** The sum over all partitions; empty as soon as one cannot be told. */
    public OptionalLong unaccounted() {
        return partitions.stream().anyMatch(each -> each.unaccounted().isEmpty())
                ? OptionalLong.empty()
                : OptionalLong.of(partitions.stream()
                        .mapToLong(each -> each.unaccounted().orElse(0))
                        .sum());
    }
}
