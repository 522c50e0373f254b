package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.DestinationIdentity;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This consumer's membership of its group: asks whether it may join, joins, leaves when it may not stay, and replaces a client that
 * has failed for good. Not thread-safe.
 */
final class GroupMember {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration QUIET_BEFORE_PROBE = Duration.ofSeconds(3);
    /** Longer than a batch can be kept open: it would be read again before it could be finished. */
    private static final Duration LONGEST_SLOW = Duration.ofMinutes(15);

    private final Supplier<ConsumingClient> clients;
    private final SecretWatch secrets;
    private final StreamTopics topics;
    private final TopicIdentity identity;
    private final ConsumerGroup group;
    private final DestinationIdentity destination;
    private final LongSupplier nanoClock;
    private final Listener listener;
    private @Nullable ConsumingClient client;
    private @Nullable Consumer<byte[], byte[]> joined;
    /** Whether another member of the group has joined in this one's stead. */
    private boolean fenced;

    private List<String> subscribed = List.of();
    private String fed = "";
    private long heardAt;
    private long joinedAt;

    /** Takes what becomes of the membership. */
    interface Listener {
        /** The group feeds this destination. */
        void feeds(String destination);

        /** What happens to the client's partitions. */
        ConsumerRebalanceListener rebalance(Consumer<byte[], byte[]> consumer);

        /** The client is given up, and everything of these partitions that was read and is not finished. */
        void left(Collection<TopicPartition> partitions);
    }

    /** The client is opened by the first {@link #join}, when its brokers can be found; it must not commit by itself. */
    GroupMember(
            Supplier<ConsumingClient> clients,
            SecretWatch secrets,
            GroupIdentity identities,
            Listener listener,
            LongSupplier nanoClock) {
        this.clients = clients;
        this.secrets = secrets;
        this.topics = identities.topics();
        this.identity = identities.topic();
        this.group = identities.group();
        this.destination = identities.destination();
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    /** The client, while it is in the group. */
    @Nullable
    Consumer<byte[], byte[]> joined() {
        return joined;
    }

    /** Whether the group has taken this consumer in. */
    boolean isMember() {
        Consumer<byte[], byte[]> consumer = joined;
        return consumer != null && consumer.groupMetadata().generationId() >= 0;
    }

    /** Joins where that is to be done; returns the client. */
    Consumer<byte[], byte[]> join() throws OutageException {
        if (joined != null && client != null && client.slow() && sinceJoined() >= LONGEST_SLOW.toNanos()) {
            LOG.info("reading many records at once again");
            leave();
        }
        Consumer<byte[], byte[]> known = joined;
        if (known != null) {
            if (!topics.names().equals(subscribed)) {
                subscribe(known);
            }
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
        if (topics.fixed()
                && opened.partitionsFor(topics.names().get(0), DEADLINE).isEmpty()) {
            throw new OutageException(topics.missing(), null);
        }
        subscribe(opened);
        joined = opened;
        fedBefore.ifPresent(another -> LOG.warn(
                "the consumer group fed another destination until now (system identifier and database oid {}); it feeds"
                        + " this one from now on ({})",
                another,
                fed));
        heardAt = nanoClock.getAsLong();
        joinedAt = heardAt;
        return opened;
    }

    private void subscribe(Consumer<byte[], byte[]> consumer) {
        subscribed = topics.names();
        consumer.subscribe(subscribed, listener.rebalance(consumer));
    }

    private long sinceJoined() {
        return nanoClock.getAsLong() - joinedAt;
    }

    /** Whether this consumer may join the group is asked before it does, so that the partitions of others stay where they are. */
    private Optional<String> admit() throws OutageException {
        String mine = destination.ask();
        // Replaces a client whose credentials are no longer valid, which the next question would go on with.
        identity.ask();
        ConsumerGroup.Situation situation = group.ask();
        if (fenced) {
            group.requireNotFenced(situation);
            fenced = false;
        }
        Optional<String> another = group.requireNoOther(situation, mine, "");
        feed(mine);
        return another;
    }

    /** Asks which destination it is that the group feeds from now on. */
    String feed() throws OutageException {
        feed(destination.ask());
        return fed;
    }

    private void feed(String identified) {
        fed = identified;
        listener.feeds(identified);
    }

    /** The destination that the group feeds. */
    String fed() {
        return fed;
    }

    /** Two that join a new group at the same time find each other only then; the one that does not have the first partition leaves. */
    void checkGroup(Consumer<byte[], byte[]> consumer) throws OutageException {
        Optional<ConsumerGroup.Situation> situation = group.latest();
        if (situation.isPresent()) {
            try {
                group.requireNoOther(
                        situation.get(), fed, consumer.groupMetadata().memberId());
            } catch (OutageException another) {
                leave();
                throw another;
            }
        }
    }

    /** A consumer polls in silence when brokers or its group's coordinator are gone, so silence is looked into. */
    void probeWhenQuiet(Consumer<byte[], byte[]> consumer, boolean quiet) {
        long now = nanoClock.getAsLong();
        if (quiet && now - heardAt < QUIET_BEFORE_PROBE.toNanos()) {
            return;
        }
        if (quiet) {
            TopicPartition first = new TopicPartition(subscribed.get(0), 0);
            Set<TopicPartition> assigned = consumer.assignment();
            consumer.endOffsets(assigned.isEmpty() ? Set.of(first) : assigned, QUIET_BEFORE_PROBE);
            consumer.committed(Set.of(first), QUIET_BEFORE_PROBE);
        }
        heardAt = now;
    }

    /**
     * A client that has failed for good is replaced: it would fail for ever, or poll in silence outside of the group. One that
     * another member with the same group.instance.id has fenced is not, as long as that one is there: they would fence each other for
     * ever. So is one that failed while the secrets were rotated, which it knows as they were.
     */
    OutageException failed(String work, KafkaException failure) {
        boolean forGood = !KafkaFailures.isRetriable(failure) && !(failure instanceof InterruptException);
        if (client != null && (forGood || secrets.haveChanged())) {
            fenced = KafkaFailures.isFenced(failure);
            leave();
        }
        return KafkaFailures.outage(work, failure);
    }

    private void leave() {
        ConsumingClient left = client;
        Consumer<byte[], byte[]> consumer = joined;
        client = null;
        joined = null;
        listener.left(consumer == null ? Set.of() : consumer.assignment());
        if (left != null) {
            try {
                left.close(CloseOptions.timeout(DEADLINE));
            } catch (KafkaException failure) {
                LOG.debug("a client that was given up does not close", failure);
            }
        }
    }

    /** Leaves the group for good, once {@code last} has been done with the client, if there is one. */
    void close(java.util.function.Consumer<Consumer<byte[], byte[]>> last) {
        ConsumingClient open = client;
        if (open != null) {
            last.accept(open.consumer());
            open.close(CloseOptions.timeout(DEADLINE));
        }
    }
}
