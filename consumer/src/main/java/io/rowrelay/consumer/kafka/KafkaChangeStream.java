package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.kafka.UnreadableRecordException;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.ChangeStream;
import io.rowrelay.consumer.apply.Poll;
import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.PartitionState;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.RecordAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream's topics, read through a consumer of a group. A partition that comes rests until it is said where to begin. Not
 * thread-safe.
 */
public final class KafkaChangeStream implements ChangeStream, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaChangeStream.class);

    /** Records end it at once; each one that brings none costs CPU of an idle consumer. */
    private static final Duration POLL = Duration.ofMillis(300);

    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration REST_OF_UNFIT = Duration.ofSeconds(2);
    /** To find such a record takes a moment, which keeps the other partitions waiting. */
    private static final Duration REST_OF_UNREADABLE = Duration.ofSeconds(5);

    private final String topics;
    private final TopicIdentity identity;
    private final OffsetCommits commits;
    private final AppliedOffsets applied = new AppliedOffsets();
    private final AssignedPartitions partitions;
    private final GroupMember member;
    private final RestingPartitions resting;
    /** Whether nothing is read, since the records of the last poll cannot be finished. */
    private boolean held;

    /** The client is opened by the first poll, when its brokers can be found; it must not commit by itself. */
    public KafkaChangeStream(
            Supplier<ConsumingClient> clients, SecretWatch secrets, GroupIdentity identities, LongSupplier nanoClock) {
        this.topics = identities.topics().text();
        this.identity = identities.topic();
        this.commits = new OffsetCommits(nanoClock);
        this.partitions = new AssignedPartitions(commits, applied);
        this.resting = new RestingPartitions(nanoClock);
        this.member = new GroupMember(clients, secrets, identities, new Membership(), nanoClock);
    }

    /** How far it is, for any thread to read. */
    AppliedOffsets applied() {
        return applied;
    }

    /** The partitions of this consumer, for any thread to read; empty as long as the group has given nothing out. */
    public Optional<Set<Partition>> assigned() {
        return applied.read().map(Map::keySet);
    }

    @Override
    public List<PartitionState> unsettled() throws OutageException {
        Consumer<byte[], byte[]> consumer = member.joined();
        Set<TopicPartition> unsettled = partitions.unsettled();
        if (consumer == null || unsettled.isEmpty()) {
            return List.of();
        }
        try {
            Map<String, String> ids = identity.ask();
            Map<TopicPartition, Long> first = consumer.beginningOffsets(unsettled, DEADLINE);
            Map<TopicPartition, Long> end = consumer.endOffsets(unsettled, DEADLINE);
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(unsettled, DEADLINE);
            String fed = member.feed();
            return unsettled.stream()
                    // The topics of a stream can become fewer: these are asked for again.
                    .filter(each -> ids.containsKey(each.topic()))
                    .map(each -> new PartitionState(
                            AssignedPartitions.partition(each),
                            Objects.requireNonNull(ids.get(each.topic()), "what was asked for"),
                            first.getOrDefault(each, 0L),
                            end.getOrDefault(each, 0L),
                            GroupClaim.offset(committed.get(each)),
                            GroupClaim.isOfAnother(committed.get(each), fed)))
                    .toList();
        } catch (KafkaException failure) {
            throw member.failed("asking where " + topics + " begins and ends", failure);
        }
    }

    @Override
    public Map<Partition, PartitionProgress> truncated(Map<Partition, PartitionProgress> stored)
            throws OutageException {
        Consumer<byte[], byte[]> consumer = Objects.requireNonNull(member.joined(), "nothing was unsettled");
        TruncationCheck check = new TruncationCheck(consumer, DEADLINE, stored);
        Set<TopicPartition> asked = check.partitions();
        try {
            return check.run();
        } catch (KafkaException failure) {
            throw member.failed("asking whether " + topics + " still holds what was read", failure);
        } finally {
            // They rest until it is said where to begin.
            if (consumer.equals(member.joined())) {
                asked.forEach(partition -> consumer.seek(partition, 0));
            }
        }
    }

    @Override
    public void begin(List<Beginning> beginnings) {
        Consumer<byte[], byte[]> consumer = Objects.requireNonNull(member.joined(), "nothing was unsettled");
        for (Beginning beginning : beginnings) {
            TopicPartition partition =
                    AssignedPartitions.topicPartition(beginning.state().partition());
            // With the leader epoch the client asks the broker whether it still holds what comes before: now, and at
            // each change of leader.
            OffsetAndMetadata offset = new OffsetAndMetadata(beginning.offset(), beginning.leaderEpoch(), "");
            consumer.seek(partition, offset);
            partitions.settle(partition, beginning.progress());
            GroupClaim.toTell(beginning, member.fed()).ifPresent(claim -> commits.add(partition, offset, claim));
            if (!held) {
                consumer.resume(Set.of(partition));
            }
        }
    }

    @Override
    public void unsettle() {
        Consumer<byte[], byte[]> consumer = member.joined();
        if (consumer != null) {
            rest(consumer, consumer.assignment());
        }
    }

    private void leave(Collection<TopicPartition> gone) {
        partitions.leave(gone);
        resting.forget(gone);
    }

    /** Nothing comes from these partitions until it is said where to begin: they need an offset to rest at, any will do. */
    private void rest(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> unsettled) {
        consumer.pause(unsettled);
        unsettled.forEach(partition -> consumer.seek(partition, 0));
        partitions.unsettle(unsettled);
        resting.forget(unsettled);
    }

    @Override
    public void holdBack(Map<Partition, Long> offsets) {
        Consumer<byte[], byte[]> consumer = member.joined();
        offsets.forEach((each, offset) -> {
            TopicPartition partition = AssignedPartitions.topicPartition(each);
            if (consumer != null && partitions.settled().contains(partition)) {
                consumer.pause(Set.of(partition));
                consumer.seek(partition, offset);
                partitions.backTo(partition, offset);
                resting.rest(partition, REST_OF_UNFIT);
            }
        });
    }

    @Override
    public boolean isAssigned(Partition partition) {
        TopicPartition asked = AssignedPartitions.topicPartition(partition);
        return partitions.settled().contains(asked) || partitions.unsettled().contains(asked);
    }

    @Override
    public Poll poll() throws OutageException {
        try {
            Consumer<byte[], byte[]> consumer = member.join();
            member.checkGroup(consumer);
            if (partitions.holdsAnother(identity.latest())) {
                unsettle();
                return Poll.NOTHING;
            }
            if (held) {
                consumer.resume(resting.awakeOf(partitions.settled()));
                held = false;
            }
            Set<TopicPartition> rested = resting.rested();
            rested.retainAll(partitions.settled());
            consumer.resume(rested);
            return read(consumer);
        } catch (KafkaException failure) {
            throw member.failed("reading " + topics, failure);
        }
    }

    private Poll read(Consumer<byte[], byte[]> consumer) {
        try {
            ConsumerRecords<byte[], byte[]> records = readOn(consumer, POLL);
            member.probeWhenQuiet(consumer, records.isEmpty());
            return new Poll(TopicRecords.of(records), partitions.polled(records.nextOffsets()));
        } catch (UnreadableRecordException tooLarge) {
            withhold(consumer, tooLarge.partition());
            RecordAddress record =
                    new RecordAddress(AssignedPartitions.partition(tooLarge.partition()), tooLarge.offset());
            return new Poll(
                    List.of(),
                    partitions.polled(Map.of()),
                    Optional.of(new UnfitChange(record, String.valueOf(tooLarge.getMessage()))));
        }
    }

    /** The others go on from where they were: the client may have passed records that it did not hand out. */
    private void withhold(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        pauseAll(consumer);
        try {
            // The client gives up what it has fetched only when it is to hand it out.
            consumer.resume(Set.of(partition));
            consumer.seekToEnd(Set.of(partition));
            readOn(consumer, Duration.ZERO);
        } finally {
            partitions
                    .progress()
                    .forEach((each, read) -> consumer.seek(
                            AssignedPartitions.topicPartition(each),
                            new OffsetAndMetadata(read.nextOffset(), read.leaderEpoch(), "")));
            if (partitions.settled().contains(partition)) {
                consumer.pause(Set.of(partition));
                resting.rest(partition, REST_OF_UNREADABLE);
            }
        }
    }

    private void pauseAll(Consumer<byte[], byte[]> consumer) {
        consumer.pause(consumer.assignment());
        held = true;
    }

    /** The topic may have dropped what comes next, or may be another one: where to begin is to be decided again. */
    private ConsumerRecords<byte[], byte[]> readOn(Consumer<byte[], byte[]> consumer, Duration wait) {
        try {
            commits.commitWhenDue(consumer);
            return consumer.poll(wait);
        } catch (InvalidOffsetException failure) {
            LOG.warn(
                    "the topic does not hold the next offset, or not what was read before it: partitions={}; where to"
                            + " go on is decided again",
                    failure.partitions());
            commits.commitNow(consumer, failure.partitions(), DEADLINE);
            rest(consumer, failure.partitions());
            return ConsumerRecords.empty();
        }
    }

    @Override
    public Map<Partition, PartitionProgress> polled() {
        return partitions.progress();
    }

    @Override
    public boolean isMember() {
        return member.isMember();
    }

    @Override
    public Ownership keepAlive() throws OutageException {
        Consumer<byte[], byte[]> consumer = member.joined();
        try {
            if (consumer != null) {
                pauseAll(consumer);
                readOn(consumer, Duration.ZERO);
            }
            return partitions::hasStayed;
        } catch (KafkaException failure) {
            throw member.failed("staying in the group of " + topics, failure);
        }
    }

    @Override
    public void commit() {
        partitions.finish();
    }

    /** Commits what is finished and leaves the group. */
    @Override
    public void close() {
        member.close(consumer -> commits.commitNow(consumer, consumer.assignment(), DEADLINE));
    }

    /** What becomes of the membership, and of the partitions with it. */
    private final class Membership implements GroupMember.Listener {
        @Override
        public void feeds(String destination) {
            commits.metadata(GroupClaim.of(destination));
        }

        @Override
        public ConsumerRebalanceListener rebalance(Consumer<byte[], byte[]> consumer) {
            return new Rebalance(consumer);
        }

        @Override
        public void left(Collection<TopicPartition> assigned) {
            leave(assigned);
            applied.lost();
            held = false;
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        private Rebalance(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            LOG.info("partitions assigned={}", assigned);
            rest(consumer, assigned);
            applied.assigned();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (!revoked.isEmpty()) {
                LOG.info("partitions revoked={}", revoked);
                commits.commitNow(consumer, revoked, DEADLINE);
                leave(revoked);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> gone) {
            leave(gone);
            applied.lost();
        }
    }
}
