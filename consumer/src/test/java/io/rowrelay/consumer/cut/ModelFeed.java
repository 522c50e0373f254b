package io.rowrelay.consumer.cut;

import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Reads the topics of a model. */
final class ModelFeed implements CutFeed {
    private final ModelStream stream;
    private final Random random;
    private final int most;
    private final Map<Partition, Long> next = new TreeMap<>();
    private final Map<Partition, Long> dropped = new TreeMap<>();
    private Set<Partition> resting = Set.of();
    boolean again;

    ModelFeed(ModelStream stream, Random random, int most) {
        this.stream = stream;
        this.random = random;
        this.most = most;
    }

    /** The topic drops what it has of a partition before an offset. */
    void drop(Partition partition, long offset) {
        dropped.put(partition, offset);
        next.computeIfPresent(partition, (key, at) -> Math.max(at, offset));
    }

    @Override
    public String cutTopic() {
        return ModelStream.CUTS.topic();
    }

    @Override
    public void begin(CutProgress progress) {
        again = false;
        next.clear();
        resting = Set.of();
        next.put(ModelStream.CUTS, 0L);
        next.putAll(progress.nextOffsets());
        next.replaceAll((partition, at) -> Math.max(at, dropped.getOrDefault(partition, 0L)));
    }

    @Override
    public boolean mustBeginAgain() {
        return again;
    }

    @Override
    public void add(Set<Partition> partitions) {
        partitions.forEach(each -> next.put(each, dropped.getOrDefault(each, 0L)));
    }

    @Override
    public void rest(Set<Partition> wanted) {
        resting = new HashSet<>(wanted);
    }

    @Override
    public List<TopicRecord> poll() {
        List<TopicRecord> polled = new ArrayList<>();
        next.forEach((partition, at) -> {
            if (!resting.contains(partition)) {
                List<TopicRecord> log = log(partition);
                int to = (int) Math.min(log.size(), at + random.nextInt(most + 1));
                polled.addAll(log.subList((int) Math.min(at, to), to));
            }
        });
        polled.forEach(record -> next.put(record.partition(), record.offset() + 1));
        return polled;
    }

    private List<TopicRecord> log(Partition partition) {
        return stream.topics().getOrDefault(partition, List.of());
    }

    @Override
    public Map<Partition, Long> positions() {
        return next;
    }

    @Override
    public Map<String, String> topicIds() {
        return Map.of();
    }

    @Override
    public boolean isAtEnd(Partition partition) {
        return next.getOrDefault(partition, -1L) == log(partition).size();
    }

    @Override
    public Map<String, Long> behind() {
        Map<String, Long> behind = new TreeMap<>();
        next.forEach((partition, at) -> {
            if (log(partition).size() > at) {
                behind.merge(partition.topic(), log(partition).size() - at, Long::sum);
            }
        });
        return behind;
    }

    @Override
    public List<String> losses() {
        return dropped.isEmpty() ? List.of() : List.of("partitions have dropped records: " + dropped);
    }

    @Override
    public void tell(Map<Partition, Long> nextOffsets) {}
}
