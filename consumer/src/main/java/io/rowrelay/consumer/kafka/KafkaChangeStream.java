package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.Beginning;
import io.rowrelay.consumer.apply.ChangeStream;
import io.rowrelay.consumer.apply.DestinationIdentity;
import io.rowrelay.consumer.apply.PartitionFacts;
import io.rowrelay.consumer.apply.PartitionProgress;
import io.rowrelay.consumer.apply.Poll;
import io.rowrelay.stream.record.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic, read through a consumer of a group. A partition that comes rests until it is said where to begin. Not
 * thread-safe.
 */
public final class KafkaChangeStream implements ChangeStream, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaChangeStream.class);
    /** Records end it at once; each one that brings none costs CPU of an idle consumer. */
    private static final Duration POLL = Duration.ofMillis(300);

    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration QUIET_BEFORE_PROBE = Duration.ofSeconds(3);

    private static final Duration GROUP_CHECK_INTERVAL = Duration.ofSeconds(5);

    private final Supplier<ConsumingClient> clients;
    private final SecretWatch secrets;
    private final String topic;
    private final TopicIdentity identity;
    private final ConsumerGroup group;
    private final DestinationIdentity destination;
    private final LongSupplier nanoClock;

    private final Places places = new Places();
    private final FinishedOffsets finished;
    private final FinishedPlaces finishedPlaces = new FinishedPlaces();
    private final Set<TopicPartition> gone = new HashSet<>();
    private @Nullable ConsumingClient client;
    private @Nullable Consumer<byte[], byte[]> subscribed;
    /** Whether another member of the group has taken this one's place. */
    private boolean fenced;

    private String fed = "";
    private @Nullable CompletableFuture<ConsumerGroup.Situation> groupAsked;
    private long groupAskedAt;
    private boolean held;
    private long heardAt;

    /** The client is opened by the first poll, when its brokers can be found; it must not commit by itself. */
    public KafkaChangeStream(
            Supplier<ConsumingClient> clients,
            SecretWatch secrets,
            String topic,
            TopicIdentity identity,
            ConsumerGroup group,
            DestinationIdentity destination,
            LongSupplier nanoClock) {
        this.clients = clients;
        this.secrets = secrets;
        this.topic = topic;
        this.identity = identity;
        this.group = group;
        this.destination = destination;
        this.nanoClock = nanoClock;
        this.finished = new FinishedOffsets(nanoClock);
    }

    /** How far it is, for any thread to read. */
    FinishedPlaces finishedPlaces() {
        return finishedPlaces;
    }

    static String noTopic(String topic) {
        return "topic " + topic + " does not exist; the producer creates it";
    }

    @Override
    public List<PartitionFacts> unsettled() throws OutageException {
        Consumer<byte[], byte[]> consumer = subscribed;
        Set<TopicPartition> partitions = places.unsettled();
        if (consumer == null || partitions.isEmpty()) {
            return List.of();
        }
        try {
            String id = identity.ask();
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions, DEADLINE);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions, DEADLINE);
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions, DEADLINE);
            feed(destination.ask());
            return partitions.stream()
                    .map(each -> new PartitionFacts(
                            each.partition(),
                            id,
                            first.getOrDefault(each, 0L),
                            end.getOrDefault(each, 0L),
                            GroupClaim.place(committed.get(each)),
                            GroupClaim.isOfAnother(committed.get(each), fed)))
                    .toList();
        } catch (KafkaException failure) {
            throw failed("asking where topic " + topic + " begins and ends", failure);
        }
    }

    @Override
    public Map<Integer, PartitionProgress> parted(List<PartitionProgress> stored) throws OutageException {
        Consumer<byte[], byte[]> consumer = Objects.requireNonNull(subscribed, "nothing was unsettled");
        Map<TopicPartition, PartitionProgress> asked = stored.stream()
                .filter(place -> place.leaderEpoch().isPresent())
                .collect(Collectors.toMap(place -> new TopicPartition(topic, place.partition()), place -> place));
        Set<TopicPartition> partitions = Set.copyOf(asked.keySet());
        Map<Integer, PartitionProgress> parted = new HashMap<>();
        try {
            asked.forEach((partition, place) ->
                    consumer.seek(partition, new OffsetAndMetadata(place.nextOffset(), place.leaderEpoch(), "")));
            while (!asked.isEmpty()) {
                part(consumer, asked, parted);
            }
            return parted;
        } catch (KafkaException failure) {
            throw failed("asking whether topic " + topic + " still holds what was read", failure);
        } finally {
            // They rest until it is said where to begin.
            if (consumer.equals(subscribed)) {
                partitions.forEach(partition -> consumer.seek(partition, 0));
            }
        }
    }

    /** The client asks the broker for all of them with the first position; it throws for those that one broker answers for. */
    private void part(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, PartitionProgress> asked,
            Map<Integer, PartitionProgress> parted) {
        try {
            for (TopicPartition partition : asked.keySet()) {
                consumer.position(partition, DEADLINE);
            }
            asked.clear();
        } catch (LogTruncationException truncated) {
            if (Collections.disjoint(truncated.partitions(), asked.keySet())) {
                throw truncated;
            }
            for (TopicPartition partition : truncated.partitions()) {
                PartitionProgress place = asked.remove(partition);
                OffsetAndMetadata agreed =
                        truncated.divergentOffsets().getOrDefault(partition, new OffsetAndMetadata(0));
                if (place != null) {
                    parted.put(
                            place.partition(),
                            new PartitionProgress(
                                    place.partition(), place.topicId(), agreed.offset(), agreed.leaderEpoch()));
                }
                consumer.seek(partition, 0);
            }
        }
    }

    @Override
    public void begin(List<Beginning> beginnings) {
        Consumer<byte[], byte[]> consumer = Objects.requireNonNull(subscribed, "nothing was unsettled");
        for (Beginning beginning : beginnings) {
            PartitionFacts facts = beginning.facts();
            TopicPartition partition = new TopicPartition(topic, facts.partition());
            // With the leader epoch the client asks the broker whether it still holds what comes before, now and at
            // each
            // change of leader.
            OffsetAndMetadata offset = new OffsetAndMetadata(beginning.offset(), beginning.leaderEpoch(), "");
            consumer.seek(partition, offset);
            places.settle(
                    partition,
                    new PartitionProgress(
                            facts.partition(), facts.topicId(), beginning.offset(), beginning.leaderEpoch()));
            finishedPlaces.finished(partition, beginning.offset());
            GroupClaim.toTell(beginning, fed).ifPresent(claim -> finished.add(partition, offset, claim));
            if (!held) {
                consumer.resume(Set.of(partition));
            }
        }
    }

    @Override
    public void unsettle() {
        Consumer<byte[], byte[]> consumer = subscribed;
        if (consumer != null) {
            rest(consumer, consumer.assignment());
        }
    }

    /** Nothing comes from these partitions until it is said where to begin: they need an offset to rest at, any will do. */
    private void rest(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        partitions.forEach(partition -> consumer.seek(partition, 0));
        places.unsettle(partitions);
        finished.forget(partitions);
        finishedPlaces.unknown(partitions);
    }

    @Override
    public Poll poll() throws OutageException {
        try {
            Consumer<byte[], byte[]> consumer = subscribe();
            checkGroupWhenDue(consumer);
            if (identity.latest().filter(places::holdsAnother).isPresent()) {
                unsettle();
                return Poll.NOTHING;
            }
            if (held) {
                consumer.resume(places.settled());
                held = false;
            }
            ConsumerRecords<byte[], byte[]> records = readOn(consumer, POLL);
            // What left during this poll has no records in it.
            gone.clear();
            finished.polled(records.nextOffsets());
            probeWhenQuiet(consumer, records.isEmpty());
            return new Poll(topicRecords(records), places.advance(records.nextOffsets()));
        } catch (KafkaException failure) {
            throw failed("reading topic " + topic, failure);
        }
    }

    /** The topic may have dropped what comes next, or may be another one: where to begin is to be decided anew. */
    private ConsumerRecords<byte[], byte[]> readOn(Consumer<byte[], byte[]> consumer, Duration wait) {
        try {
            finished.commitWhenDue(consumer);
            return consumer.poll(wait);
        } catch (InvalidOffsetException failure) {
            LOG.warn(
                    "the topic does not hold the next offset, or not what was read before it: partitions={}; where to"
                            + " go on is decided anew",
                    failure.partitions());
            commitNow(consumer, failure.partitions());
            rest(consumer, failure.partitions());
            return ConsumerRecords.empty();
        }
    }

    private Consumer<byte[], byte[]> subscribe() throws OutageException {
        Consumer<byte[], byte[]> known = subscribed;
        if (known != null) {
            return known;
        }
        Optional<String> fedBefore = admit();
        // Kept from attempt to attempt: each client has threads and metrics of its own.
        ConsumingClient kept = client;
        if (kept == null) {
            secrets.opening();
            kept = clients.get();
            client = kept;
        }
        Consumer<byte[], byte[]> opened = kept.consumer();
        if (opened.partitionsFor(topic, DEADLINE).isEmpty()) {
            throw new OutageException(noTopic(topic), null);
        }
        opened.subscribe(List.of(topic), new Rebalance(opened));
        subscribed = opened;
        fedBefore.ifPresent(another -> LOG.warn(
                "the consumer group fed another destination until now (system identifier and database oid {}); it feeds"
                        + " this one from now on ({})",
                another,
                fed));
        heardAt = nanoClock.getAsLong();
        return opened;
    }

    /** Whether this consumer may join the group is asked before it does, so that the partitions of others stay where they are. */
    private Optional<String> admit() throws OutageException {
        String mine = destination.ask();
        // Replaces a client whose credentials are refused, which the next question would go on with.
        identity.ask();
        ConsumerGroup.Situation situation = group.ask(topic);
        if (fenced) {
            group.refuseFenced(situation);
            fenced = false;
        }
        Optional<String> another = group.refuseAnother(situation, mine, "");
        feed(mine);
        groupAsked = null;
        groupAskedAt = nanoClock.getAsLong();
        return another;
    }

    private void feed(String identified) {
        fed = identified;
        finished.metadata(GroupClaim.of(identified));
    }

    /** Two that join a new group at the same time find each other only then; the one that does not have the first partition leaves. */
    private void checkGroupWhenDue(Consumer<byte[], byte[]> consumer) throws OutageException {
        CompletableFuture<ConsumerGroup.Situation> pending = groupAsked;
        if (pending == null) {
            if (nanoClock.getAsLong() - groupAskedAt >= GROUP_CHECK_INTERVAL.toNanos()) {
                groupAsked = group.question(topic);
                groupAskedAt = nanoClock.getAsLong();
            }
        } else if (pending.isDone()) {
            groupAsked = null;
            // Whether the broker is there is for those to say who need it; this is asked again.
            if (!pending.isCompletedExceptionally()) {
                try {
                    group.refuseAnother(
                            pending.join(), fed, consumer.groupMetadata().memberId());
                } catch (OutageException another) {
                    leave();
                    throw another;
                }
            }
        }
    }

    /**
     * A client that has failed for good is replaced: it would fail for ever, or poll in silence outside of the group. One whose
     * place another member has taken is not, as long as that one is there: they would take it from each other for ever. So is one
     * that failed while the secrets were rotated, which it knows as they were.
     */
    private OutageException failed(String work, KafkaException failure) {
        boolean forGood = !KafkaFailures.isRetriable(failure) && !(failure instanceof InterruptException);
        if (client != null && (forGood || secrets.haveChanged())) {
            fenced = KafkaFailures.isFenced(failure);
            leave();
        }
        return KafkaFailures.outage(work, failure);
    }

    /** Gives the client up and everything that was read and is not finished. */
    private void leave() {
        ConsumingClient left = client;
        Consumer<byte[], byte[]> consumer = subscribed;
        client = null;
        subscribed = null;
        if (consumer != null) {
            Set<TopicPartition> partitions = consumer.assignment();
            gone.addAll(partitions);
            places.forget(partitions);
            finished.forget(partitions);
            finishedPlaces.forget(partitions);
        }
        finishedPlaces.lost();
        held = false;
        close(left);
    }

    private static void close(@Nullable ConsumingClient left) {
        if (left != null) {
            try {
                left.close(CloseOptions.timeout(DEADLINE));
            } catch (KafkaException failure) {
                LOG.debug("a client that was given up does not close", failure);
            }
        }
    }

    /** A consumer polls in silence when brokers or its group's coordinator are gone, so silence is looked into. */
    private void probeWhenQuiet(Consumer<byte[], byte[]> consumer, boolean quiet) {
        long now = nanoClock.getAsLong();
        if (quiet && now - heardAt < QUIET_BEFORE_PROBE.toNanos()) {
            return;
        }
        if (quiet) {
            TopicPartition first = new TopicPartition(topic, 0);
            Set<TopicPartition> assigned = consumer.assignment();
            consumer.endOffsets(assigned.isEmpty() ? Set.of(first) : assigned, QUIET_BEFORE_PROBE);
            consumer.committed(Set.of(first), QUIET_BEFORE_PROBE);
        }
        heardAt = now;
    }

    private static List<TopicRecord> topicRecords(ConsumerRecords<byte[], byte[]> records) {
        List<TopicRecord> read = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] key = record.key();
            read.add(new TopicRecord(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    key,
                    record.value(),
                    key == null ? 0 : Utils.murmur2(key),
                    RecordHeaders.of(record)));
        }
        return read;
    }

    @Override
    public List<PartitionProgress> polled() {
        return places.progress();
    }

    @Override
    public boolean isMember() {
        Consumer<byte[], byte[]> consumer = subscribed;
        return consumer != null && consumer.groupMetadata().generationId() >= 0;
    }

    @Override
    public Ownership keepAlive() throws OutageException {
        Consumer<byte[], byte[]> consumer = subscribed;
        try {
            if (consumer != null) {
                consumer.pause(consumer.assignment());
                held = true;
                readOn(consumer, Duration.ZERO);
            }
            return partition -> !gone.contains(new TopicPartition(topic, partition));
        } catch (KafkaException failure) {
            throw failed("staying in the group of topic " + topic, failure);
        }
    }

    @Override
    public void commit() {
        finished.finish(gone).forEach((partition, next) -> finishedPlaces.finished(partition, next.offset()));
    }

    private void commitNow(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        finished.commitNow(consumer, partitions, DEADLINE);
    }

    /** Commits what is finished and leaves the group. */
    @Override
    public void close() {
        ConsumingClient open = client;
        if (open != null) {
            commitNow(open.consumer(), open.consumer().assignment());
            open.close(CloseOptions.timeout(DEADLINE));
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        private Rebalance(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("partitions assigned={}", partitions);
            rest(consumer, partitions);
            finishedPlaces.assigned();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                LOG.info("partitions revoked={}", partitions);
                commitNow(consumer, partitions);
                forget(partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
            finishedPlaces.lost();
        }

        private void forget(Collection<TopicPartition> partitions) {
            gone.addAll(partitions);
            places.forget(partitions);
            finished.forget(partitions);
            finishedPlaces.forget(partitions);
        }
    }
}
