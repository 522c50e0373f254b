package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.kafka.UnreadableRecordException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.cut.CutFeed;
import io.rowrelay.consumer.cut.CutProgress;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a stream of many tables, read outside of any group: this consumer reads all partitions, and the destination remembers
 * how far. Not thread-safe.
 */
public final class KafkaCutFeed implements CutFeed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCutFeed.class);

    /** Records end it at once; each one that brings none costs CPU of an idle consumer. */
    private static final Duration POLL = Duration.ofMillis(300);

    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration QUIET_BEFORE_PROBE = Duration.ofSeconds(3);
    private static final Duration LONGEST_SLOW = Duration.ofMinutes(15);
    private static final Duration BETWEEN_COMMITS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);
    private static final int MOST_LOSSES = 5;

    private final Supplier<ConsumingClient> clients;
    private final SecretWatch secrets;
    private final KnownTopics topics;
    private final TopicPartition cuts;
    private final LongSupplier nanoClock;

    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<Partition, Long> positions = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<TopicPartition, Long> divergent = new HashMap<>();
    private final List<String> losses = new ArrayList<>();
    private Set<TopicPartition> resting = Set.of();
    private @Nullable ConsumingClient client;
    private boolean broken;
    private boolean toldOfCommits;
    private long openedAt;
    private long heardAt;
    private long committedAt;
    private Map<String, Long> behind = Map.of();
    private long behindAt;
    private List<TopicRecord.Header> lastHeaders = List.of();

    /**
     * Clients are opened when they are needed.
     *
     * @param cutTopic the topic of the cut records, which has one partition
     */
    public KafkaCutFeed(
            Supplier<ConsumingClient> clients,
            SecretWatch secrets,
            Supplier<Admin> admins,
            String cutTopic,
            LongSupplier nanoClock) {
        this.clients = clients;
        this.secrets = secrets;
        this.topics = new KnownTopics(admins, nanoClock);
        this.cuts = new TopicPartition(cutTopic, 0);
        this.nanoClock = nanoClock;
    }

    @Override
    public String cutTopic() {
        return cuts.topic();
    }

    @Override
    public void begin(CutProgress progress) throws OutageException {
        next.clear();
        positions.clear();
        ids.clear();
        losses.clear();
        resting = Set.of();
        Map<TopicPartition, Long> wanted = new HashMap<>();
        wanted.put(cuts, 0L);
        progress.nextOffsets()
                .forEach((partition, offset) -> wanted.put(AssignedPartitions.topicPartition(partition), offset));
        Map<String, TopicDescription> found =
                topics.ask(wanted.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        if (!found.containsKey(cuts.topic())) {
            throw new OutageException(TopicIdentity.noTopic(cuts.topic()), null);
        }
        progress.topicIds().forEach((topic, id) -> {
            TopicDescription now = found.get(topic);
            if (now == null) {
                lost("topic " + topic + " is gone");
            } else if (!now.topicId().toString().equals(id)) {
                lost("topic " + topic + " was deleted and created again");
                wanted.replaceAll((partition, offset) -> partition.topic().equals(topic) ? 0L : offset);
            }
        });
        wanted.keySet().removeIf(each -> !has(found.get(each.topic()), each));
        divergent.forEach((partition, offset) -> wanted.computeIfPresent(partition, (key, at) -> Math.min(at, offset)));
        read(wanted, found);
        divergent.clear();
        broken = false;
    }

    private static boolean has(@Nullable TopicDescription topic, TopicPartition partition) {
        return topic != null && partition.partition() < topic.partitions().size();
    }

    /** Reads these partitions as well, from these offsets on, or from where they begin. */
    private void read(Map<TopicPartition, Long> wanted, Map<String, TopicDescription> found) throws OutageException {
        try {
            Consumer<byte[], byte[]> consumer = open();
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(wanted.keySet(), DEADLINE);
            Map<TopicPartition, Long> ends = consumer.endOffsets(wanted.keySet(), DEADLINE);
            wanted.forEach((partition, offset) -> {
                long begin = begins.getOrDefault(partition, 0L);
                next.put(partition, valid(partition, offset, begin, ends.getOrDefault(partition, begin)));
            });
            found.forEach(
                    (topic, description) -> ids.put(topic, description.topicId().toString()));
            next.forEach((partition, offset) -> positions.put(AssignedPartitions.partition(partition), offset));
            assign(consumer, wanted.keySet());
        } catch (KafkaException failure) {
            throw failed("asking where the topics of the stream begin and end", failure);
        }
    }

    private long valid(TopicPartition partition, long offset, long begin, long end) {
        if (offset > end) {
            lost("partition " + partition + " has lost its end: it was read up to offset " + offset + ", and ends at "
                    + end);
            return begin;
        }
        if (offset < begin && offset > 0) {
            lost("partition " + partition + " no longer holds offsets " + offset + " to " + (begin - 1));
        }
        return Math.max(offset, begin);
    }

    private void lost(String what) {
        LOG.warn("{}; whether changes are lost is seen from the windows that follow", what);
        if (losses.size() < MOST_LOSSES) {
            losses.add(what);
        }
    }

    private void assign(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> added) {
        consumer.assign(next.keySet());
        added.forEach(partition -> consumer.seek(partition, Objects.requireNonNull(next.get(partition))));
        consumer.pause(resting);
    }

    @Override
    public boolean mustBeginAgain() {
        return broken || topics.haveChanged(ids);
    }

    @Override
    public void add(Set<Partition> partitions) throws OutageException {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        partitions.forEach(each -> wanted.put(AssignedPartitions.topicPartition(each), 0L));
        Map<String, TopicDescription> found =
                topics.ask(wanted.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        for (TopicPartition each : wanted.keySet()) {
            if (!has(found.get(each.topic()), each)) {
                throw new OutageException(
                        "topic " + each.topic() + " has no partition " + each.partition()
                                + ", although records of a window were counted there",
                        null);
            }
        }
        read(wanted, found);
    }

    @Override
    public void rest(Set<Partition> wanted) {
        ConsumingClient open = client;
        Set<TopicPartition> now =
                wanted.stream().map(AssignedPartitions::topicPartition).collect(Collectors.toSet());
        now.retainAll(next.keySet());
        if (open != null && !now.equals(resting)) {
            Set<TopicPartition> awake = new HashSet<>(resting);
            awake.removeAll(now);
            open.consumer().resume(awake);
            open.consumer().pause(now);
        }
        resting = now;
    }

    @Override
    public List<TopicRecord> poll() throws OutageException {
        try {
            Consumer<byte[], byte[]> consumer = open();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            records.nextOffsets().forEach((partition, offset) -> {
                next.put(partition, offset.offset());
                positions.put(AssignedPartitions.partition(partition), offset.offset());
            });
            probeWhenQuiet(consumer, records.isEmpty());
            return of(records);
        } catch (UnreadableRecordException tooLarge) {
            giveUp();
            throw OutageException.waitingForAHuman(String.valueOf(tooLarge.getMessage()));
        } catch (InvalidOffsetException failure) {
            LOG.warn("the topics do not hold what was to be read next: partitions={}", failure.partitions());
            if (failure instanceof LogTruncationException truncated) {
                truncated.divergentOffsets().forEach((partition, at) -> divergent.put(partition, at.offset()));
            }
            broken = true;
            return List.of();
        } catch (KafkaException failure) {
            throw failed("reading the topics of the stream", failure);
        }
    }

    /** Consecutive records of a transaction share their headers. */
    private List<TopicRecord> of(ConsumerRecords<byte[], byte[]> polled) {
        List<TopicRecord> records = TopicRecords.of(polled);
        records.replaceAll(record -> {
            if (isSame(lastHeaders, record.headers())) {
                return record.sharing(lastHeaders);
            }
            lastHeaders = record.headers();
            return record;
        });
        return records;
    }

    private static boolean isSame(List<TopicRecord.Header> some, List<TopicRecord.Header> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).name().equals(others.get(i).name())
                    || !Arrays.equals(some.get(i).value(), others.get(i).value())) {
                return false;
            }
        }
        return true;
    }

    /** A consumer polls in silence when brokers are gone, so silence is looked into. */
    private void probeWhenQuiet(Consumer<byte[], byte[]> consumer, boolean quiet) {
        long now = nanoClock.getAsLong();
        if (quiet && now - heardAt < QUIET_BEFORE_PROBE.toNanos()) {
            return;
        }
        if (quiet) {
            consumer.endOffsets(Set.of(cuts), QUIET_BEFORE_PROBE);
        }
        heardAt = now;
    }

    @Override
    public Map<Partition, Long> positions() {
        return Collections.unmodifiableMap(positions);
    }

    @Override
    public Map<String, String> topicIds() {
        return Map.copyOf(ids);
    }

    @Override
    public boolean isAtEnd(Partition partition) {
        return lag(AssignedPartitions.topicPartition(partition)).orElse(1) == 0;
    }

    @Override
    public Map<String, Long> behind() {
        long now = nanoClock.getAsLong();
        if (now - behindAt >= BETWEEN_COUNTS.toNanos()) {
            behindAt = now;
            Map<String, Long> counted = new HashMap<>();
            for (TopicPartition each : next.keySet()) {
                long lag = lag(each).orElse(0);
                if (lag > 0) {
                    counted.merge(each.topic(), lag, Long::sum);
                }
            }
            behind = Map.copyOf(counted);
        }
        return behind;
    }

    private OptionalLong lag(TopicPartition partition) {
        ConsumingClient open = client;
        return open == null || !next.containsKey(partition)
                ? OptionalLong.empty()
                : open.consumer().currentLag(partition);
    }

    @Override
    public List<String> losses() {
        return List.copyOf(losses);
    }

    @Override
    public void tell(Map<Partition, Long> nextOffsets) {
        ConsumingClient open = client;
        long now = nanoClock.getAsLong();
        if (open == null || now - committedAt < BETWEEN_COMMITS.toNanos()) {
            return;
        }
        committedAt = now;
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        nextOffsets.forEach((partition, offset) ->
                offsets.put(AssignedPartitions.topicPartition(partition), new OffsetAndMetadata(offset)));
        open.consumer().commitAsync(offsets, (committed, failure) -> {
            if (failure != null && !toldOfCommits && !KafkaFailures.isRetriable(failure)) {
                toldOfCommits = true;
                LOG.warn(
                        "the offsets cannot be committed, so tools that show the lag of consumer groups show nothing of this"
                                + " stream: {}",
                        failure.getMessage());
            }
        });
    }

    private Consumer<byte[], byte[]> open() {
        ConsumingClient known = client;
        if (known != null && known.slow() && nanoClock.getAsLong() - openedAt >= LONGEST_SLOW.toNanos()) {
            LOG.info("reading many records at once again");
            giveUp();
            known = null;
        }
        if (known == null) {
            secrets.opening();
            known = clients.get();
            client = known;
            openedAt = nanoClock.getAsLong();
            heardAt = openedAt;
            assign(known.consumer(), next.keySet());
        }
        return known.consumer();
    }

    /** A client that has failed for good is replaced, and so is one that failed while the secrets were rotated. */
    private OutageException failed(String work, KafkaException failure) {
        boolean forGood = !KafkaFailures.isRetriable(failure) && !(failure instanceof InterruptException);
        if (forGood || secrets.haveChanged()) {
            giveUp();
        }
        return KafkaFailures.outage(work, failure);
    }

    private void giveUp() {
        ConsumingClient given = client;
        client = null;
        if (given != null) {
            try {
                given.close(CloseOptions.timeout(DEADLINE));
            } catch (KafkaException failure) {
                LOG.debug("a client that was given up does not close", failure);
            }
        }
    }

    @Override
    public void close() {
        giveUp();
        topics.close();
    }
}
