package io.rowrelay.admin.status;

import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.TopicFit;
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

    /**
     * One partition.
     *
     * @param partition as Kafka knows it
     * @param next the first offset that is not applied; empty where the destination knows nothing of this topic
     * @param records that are still to be applied
     * @param fit how the two fit
     * @param unaccounted records that were never applied and cannot be any more, or that were applied and are gone; empty
     *     where that is unknown
     */
    public record PartitionLag(
            TopicStatus.Partition partition, OptionalLong next, long records, TopicFit fit, OptionalLong unaccounted) {}

    public Lag {
        partitions = List.copyOf(partitions);
    }

    /** Compares. */
    public static Lag of(TopicStatus topic, DestinationStatus destination) {
        return new Lag(topic.partitions().stream()
                .map(partition -> lag(topic.topicId(), partition, destination.progress(partition.number())))
                .toList());
    }

    private static PartitionLag lag(
            String topicId, TopicStatus.Partition partition, Optional<PartitionProgress> progress) {
        TopicFit fit = TopicFit.of(topicId, partition.begin(), partition.end(), progress);
        long held = partition.end() - partition.begin();
        long next = progress.map(PartitionProgress::nextOffset).orElse(0L);
        OptionalLong known = progress.isPresent() ? OptionalLong.of(next) : OptionalLong.empty();
        return switch (fit) {
            case REPLACED -> new PartitionLag(partition, OptionalLong.empty(), held, fit, OptionalLong.empty());
            case DROPPED -> new PartitionLag(partition, known, held, fit, OptionalLong.of(partition.begin() - next));
            case CUT -> new PartitionLag(partition, known, held, fit, OptionalLong.of(next - partition.end()));
            case FITS -> new PartitionLag(partition, known, partition.end() - next, fit, OptionalLong.of(0));
        };
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

    /** The sum over all partitions; empty as soon as one is unknown. */
    public OptionalLong unaccounted() {
        return partitions.stream().anyMatch(each -> each.unaccounted().isEmpty())
                ? OptionalLong.empty()
                : OptionalLong.of(partitions.stream()
                        .mapToLong(each -> each.unaccounted().orElse(0))
                        .sum());
    }
}
