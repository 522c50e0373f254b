package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.consumer.apply.Beginning;
import io.rowrelay.consumer.apply.ChangeStream;
import io.rowrelay.consumer.apply.PartitionFacts;
import io.rowrelay.consumer.apply.PartitionProgress;
import io.rowrelay.consumer.apply.Poll;
import io.rowrelay.consumer.apply.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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

    private final Supplier<Consumer<byte[], byte[]>> clients;
    private final SecretWatch secrets;
    private final String topic;
    private final TopicIdentity identity;
    private final LongSupplier nanoClock;

    private final Places places = new Places();
    private final FinishedOffsets finished;
    private final FinishedPlaces finishedPlaces = new FinishedPlaces();
    private final Set<TopicPartition> gone = new HashSet<>();
    private @Nullable Consumer<byte[], byte[]> client;
    private @Nullable Consumer<byte[], byte[]> subscribed;
    private boolean held;
    private long heardAt;

    /** The client is opened by the first poll, when its brokers can be found; it must not commit by itself. */
    public KafkaChangeStream(
            Supplier<Consumer<byte[], byte[]>> clients,
            SecretWatch secrets,
            String topic,
            TopicIdentity identity,
            LongSupplier nanoClock) {
        this.clients = clients;
        this.secrets = secrets;
        this.topic = topic;
        this.identity = identity;
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
    public List<PartitionFacts> unsettled() throws TransientFailureException {
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
            return partitions.stream()
                    .map(each -> new PartitionFacts(
                            each.partition(),
                            id,
                            first.getOrDefault(each, 0L),
                            end.getOrDefault(each, 0L),
                            committed.get(each) == null
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(committed.get(each).offset())))
                    .toList();
        } catch (KafkaException failure) {
            throw KafkaFailures.outage("asking where topic " + topic + " begins and ends", failure);
        }
    }

    @Override
    public void begin(List<Beginning> beginnings) {
        Consumer<byte[], byte[]> consumer = Objects.requireNonNull(subscribed, "nothing was unsettled");
        for (Beginning beginning : beginnings) {
            PartitionFacts facts = beginning.facts();
            TopicPartition partition = new TopicPartition(topic, facts.partition());
            consumer.seek(partition, beginning.offset());
            places.settle(partition, new PartitionProgress(facts.partition(), facts.topicId(), beginning.offset()));
            finishedPlaces.finished(partition, beginning.offset());
            // Of a new partition there is nothing to tell yet.
            if (beginning.finding() != Beginning.Finding.NEW
                    && facts.committed().orElse(-1) != beginning.offset()) {
                finished.add(partition, beginning.offset());
            }
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
    public Poll poll() throws TransientFailureException {
        try {
            Consumer<byte[], byte[]> consumer = subscribe();
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
            replaceWhenSecretsChanged();
            throw KafkaFailures.outage("reading topic " + topic, failure);
        }
    }

    /** A client that failed while the secrets were rotated would fail for ever: its partitions are lost, a new one joins. */
    private void replaceWhenSecretsChanged() {
        Consumer<byte[], byte[]> failed = client;
        if (failed == null || !secrets.haveChanged()) {
            return;
        }
        LOG.info("the secrets for Kafka have changed in their files: opening a new client");
        Set<TopicPartition> lost = Set.copyOf(failed.assignment());
        gone.addAll(lost);
        places.forget(lost);
        finished.forget(lost);
        client = null;
        subscribed = null;
        held = false;
        failed.close(CloseOptions.timeout(DEADLINE));
    }

    /** The topic may have dropped what comes next, or may be another one: where to begin is to be decided anew. */
    private ConsumerRecords<byte[], byte[]> readOn(Consumer<byte[], byte[]> consumer, Duration wait) {
        try {
            finished.commitWhenDue(consumer);
            return consumer.poll(wait);
        } catch (InvalidOffsetException failure) {
            LOG.warn(
                    "the topic does not hold the next offset of partitions={}: {}",
                    failure.partitions(),
                    failure.getMessage());
            commitNow(consumer, failure.partitions());
            rest(consumer, failure.partitions());
            return ConsumerRecords.empty();
        }
    }

    private Consumer<byte[], byte[]> subscribe() throws TransientFailureException {
        Consumer<byte[], byte[]> known = subscribed;
        if (known != null) {
            return known;
        }
        // Kept from attempt to attempt: each client has threads and metrics of its own.
        Consumer<byte[], byte[]> opened = client;
        if (opened == null) {
            secrets.opening();
            opened = clients.get();
            client = opened;
        }
        if (opened.partitionsFor(topic, DEADLINE).isEmpty()) {
            throw new TransientFailureException(noTopic(topic), null);
        }
        opened.subscribe(List.of(topic), new Rebalance(opened));
        subscribed = opened;
        heardAt = nanoClock.getAsLong();
        return opened;
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
    public Ownership keepAlive() throws TransientFailureException {
        Consumer<byte[], byte[]> consumer = subscribed;
        try {
            if (consumer != null) {
                consumer.pause(consumer.assignment());
                held = true;
                readOn(consumer, Duration.ZERO);
            }
            return partition -> !gone.contains(new TopicPartition(topic, partition));
        } catch (KafkaException failure) {
            replaceWhenSecretsChanged();
            throw KafkaFailures.outage("staying in the group of topic " + topic, failure);
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
        Consumer<byte[], byte[]> consumer = client;
        if (consumer != null) {
            commitNow(consumer, consumer.assignment());
            consumer.close(CloseOptions.timeout(DEADLINE));
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
