package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.consumer.apply.Progress;
import io.rowrelay.stream.kafka.TopicEnds;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds partitions of other members of the group that make no progress although records wait. Such a member can be a consumer that
 * has failed, or a foreign program that may read the group: nobody else would notice that one. Progress is what the destination
 * remembers, since any member can commit any offset. To be stepped by one thread; what it says is for any.
 */
public final class WithheldPartitions implements Task {
    /** How often to step it. */
    public static final Duration INTERVAL = Duration.ofSeconds(30);

    /** A consumer that works finishes a batch within this time, unless changes wait for others. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(WithheldPartitions.class);
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    /**
     * The group and what it reads.
     *
     * @param admin properties of an admin client, as they are now
     * @param topics the stream's
     * @param groupId the group
     * @param referenceWait how long its members may keep a batch open for changes that wait for others
     */
    public record Subject(
            Supplier<Map<String, Object>> admin, StreamTopics topics, String groupId, Duration referenceWait) {
        private Duration patience() {
            Duration batch = referenceWait.plus(INTERVAL);
            return batch.compareTo(PATIENCE) > 0 ? batch : PATIENCE;
        }
    }

    /** A partition that has stood at this offset since then, with records behind. */
    private record Standing(long next, long sinceNanos) {}

    private final Subject subject;
    private final Supplier<Optional<Set<Partition>>> own;
    private final Progress progress;
    private final LongSupplier nanoClock;
    private final AgingNumber count;
    private Map<Partition, Standing> standing = Map.of();
    private volatile String text = "";

    /**
     * Time comes from {@code nanoClock}, in nanoseconds of any origin.
     *
     * @param own the partitions of this consumer; empty while it is not in the group
     * @param progress of the destination, used by this only
     */
    public WithheldPartitions(
            Subject subject, Supplier<Optional<Set<Partition>>> own, Progress progress, LongSupplier nanoClock) {
        this.subject = subject;
        this.own = own;
        this.progress = progress;
        this.nanoClock = nanoClock;
        this.count = new AgingNumber(Watch.limitOf(INTERVAL), nanoClock);
    }

    /** How many there are; NaN while that is not known. */
    public double count() {
        return count.get();
    }

    /** Which there are and who has them, in words; empty when there are none. */
    public String text() {
        return text;
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        try {
            standing = standing();
            List<Partition> withheld = standing.entrySet().stream()
                    .filter(each -> nanoClock.getAsLong() - each.getValue().sinceNanos()
                            >= subject.patience().toNanos())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            say(withheld.isEmpty() ? "" : describe(withheld));
            count.set(withheld.size());
            return 1;
        } catch (OutageException outage) {
            // Nobody could make progress meanwhile.
            standing = Map.of();
            throw outage;
        }
    }

    private Map<Partition, Standing> standing() throws OutageException, InterruptedException {
        Optional<Set<Partition>> mine = own.get();
        if (mine.isEmpty()) {
            return Map.of();
        }
        // Before the progress: what is finished in between does not wait.
        Map<String, TopicEnds> ends =
                Topics.ends(subject.admin().get(), subject.topics().names());
        Map<Partition, PartitionProgress> applied = progress.load();
        Map<Partition, Standing> now = new HashMap<>();
        ends.forEach((topic, each) -> each.next().forEach((number, end) -> {
            Partition partition = new Partition(topic, number);
            PartitionProgress known = applied.get(partition);
            long next = known != null && known.topicId().equals(each.topicId()) ? known.nextOffset() : 0;
            if (end > next && !mine.get().contains(partition)) {
                Standing last = standing.get(partition);
                boolean stands = last != null && last.next() == next;
                now.put(partition, stands ? last : new Standing(next, nanoClock.getAsLong()));
            }
        }));
        return now;
    }

    private void say(String now) {
        if (!now.isEmpty() && !now.equals(text)) {
            LOG.warn("{}", now);
        } else if (now.isEmpty() && !text.isEmpty()) {
            LOG.info("all partitions make progress again");
        }
        text = now;
    }

    private String describe(List<Partition> withheld) throws OutageException, InterruptedException {
        Map<Partition, String> holders = holders();
        Map<String, List<Integer>> byHolder = withheld.stream()
                .collect(Collectors.groupingBy(
                        partition -> partition.topic() + " with "
                                + holders.getOrDefault(partition, "no member of consumer group " + subject.groupId()),
                        TreeMap::new,
                        Collectors.mapping(Partition::number, Collectors.toList())));
        return byHolder.entrySet().stream()
                        .map(each -> "partitions " + each.getValue() + " of topic " + each.getKey())
                        .collect(Collectors.joining("; "))
                + ": no progress for " + subject.patience().toSeconds()
                + " s while records wait. What to do: see to that consumer;"
                + " where it is none of this destination, stop it, and let nobody else read consumer group "
                + subject.groupId() + " (an ACL), or set another KAFKA_GROUP_ID";
    }

    private Map<Partition, String> holders() throws OutageException, InterruptedException {
        try {
            ConsumerGroupDescription described = Topics.ask(
                    subject.admin().get(),
                    admin -> Objects.requireNonNull(
                            admin.describeConsumerGroups(List.of(subject.groupId()))
                                    .all()
                                    .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                                    .get(subject.groupId()),
                            "what was asked for"));
            Map<Partition, String> holders = new HashMap<>();
            described
                    .members()
                    .forEach(member -> member.assignment()
                            .topicPartitions()
                            .forEach(partition -> holders.put(
                                    AssignedPartitions.partition(partition), ConsumerGroup.describe(member))));
            return holders;
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            if (failure.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw KafkaFailures.outage("asking for consumer group " + subject.groupId(), failure);
        }
    }
}
