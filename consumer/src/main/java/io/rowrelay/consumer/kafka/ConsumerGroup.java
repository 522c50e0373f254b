package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Tells who else is in the consumer group, and which destination the group feeds. That stands beside its offsets: of two
 * destinations under one group each would get a part of the changes. Not thread-safe.
 */
public final class ConsumerGroup {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** The answer to a question. */
    record Situation(Optional<String> claimed, Collection<MemberDescription> members) {}

    private final TopicIdentity topics;
    private final String group;
    private final Optional<String> instanceId;
    private final LongSupplier nanoClock;
    private @Nullable CompletableFuture<Situation> asked;
    private long askedAt;

    /** The group that reads these topics. It asks with their client. */
    ConsumerGroup(TopicIdentity topics, String group, Optional<String> instanceId, LongSupplier nanoClock) {
        this.topics = topics;
        this.group = group;
        this.instanceId = instanceId;
        this.nanoClock = nanoClock;
    }

    /** Asks, and waits for the answer. */
    Situation ask() throws OutageException {
        try {
            Situation situation = question().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            asked = null;
            askedAt = nanoClock.getAsLong();
            return situation;
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("asking for consumer group " + group, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptException(interrupted);
        }
    }

    /** The answer to a question of some seconds ago, once; to be called often, asks now and then and never waits. */
    Optional<Situation> latest() {
        CompletableFuture<Situation> pending = asked;
        if (pending == null) {
            if (nanoClock.getAsLong() - askedAt >= INTERVAL.toNanos()) {
                asked = question();
                askedAt = nanoClock.getAsLong();
            }
            return Optional.empty();
        }
        if (!pending.isDone()) {
            return Optional.empty();
        }
        asked = null;
        // Whatever needs the broker reports its outage; this is asked again later.
        return pending.isCompletedExceptionally() ? Optional.empty() : Optional.of(pending.join());
    }

    private CompletableFuture<Situation> question() {
        Admin client = topics.admin();
        CompletableFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>> offsets =
                future(client.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        CompletableFuture<Collection<MemberDescription>> members = future(Objects.requireNonNull(
                        client.describeConsumerGroups(List.of(group))
                                .describedGroups()
                                .get(group),
                        "what was asked for"))
                .thenApply(description -> description.members())
                .exceptionally(ConsumerGroup::none);
        return offsets.thenCombine(members, (found, there) -> new Situation(claimed(found), there));
    }

    private static <T> CompletableFuture<T> future(org.apache.kafka.common.KafkaFuture<T> answer) {
        return answer.toCompletionStage().toCompletableFuture();
    }

    /** Before the first member comes there is no group. */
    private static Collection<MemberDescription> none(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof GroupIdNotFoundException) {
            return List.of();
        }
        throw cause instanceof RuntimeException unchecked ? unchecked : new KafkaException(cause);
    }

    /** The first partition has the last word. */
    private Optional<String> claimed(Map<TopicPartition, @Nullable OffsetAndMetadata> offsets) {
        Map<Partition, String> claims = new TreeMap<>();
        offsets.forEach((partition, committed) -> {
            if (committed != null && topics.topics().names().contains(partition.topic())) {
                GroupClaim.destination(committed.metadata())
                        .ifPresent(claim -> claims.put(AssignedPartitions.partition(partition), claim));
            }
        });
        return claims.values().stream().findFirst();
    }

    /**
     * Fails while consumers of another destination are in the group. Once they are gone the group is this destination's to take
     * over: each destination knows its own progress, so nothing is lost by that.
     *
     * @param self this consumer's id in the group; empty while it is not in it
     * @return the other destination that the group has fed until now, if there is one
     */
    Optional<String> requireNoOther(Situation situation, String destination, String self) throws OutageException {
        Optional<String> another = situation.claimed().filter(claimed -> !claimed.equals(destination));
        String others = situation.members().stream()
                .filter(member -> !member.consumerId().equals(self))
                .map(ConsumerGroup::describe)
                .collect(Collectors.joining("; "));
        if (another.isPresent() && !others.isEmpty()) {
            throw new OutageException(
                    "consumer group " + group + " feeds another destination (system identifier and database oid "
                            + another.get() + ", this one is " + destination
                            + "), and its consumers are running (" + others
                            + "); each of the two would get a part of the changes only, so"
                            + " this one reads nothing. What to do: give this destination a group of its own"
                            + " (KAFKA_GROUP_ID), or, where it replaces the other one, stop the consumers of that: then this"
                            + " one takes the group over",
                    null);
        }
        return another;
    }

    /** Who it is, and from where. */
    static String describe(MemberDescription member) {
        return "member " + member.consumerId() + ", client id " + member.clientId() + " at " + member.host();
    }

    /** Fails while another member of the group has this consumer's group.instance.id: the newer one has it. */
    void requireNotFenced(Situation situation) throws OutageException {
        boolean taken = situation.members().stream()
                .anyMatch(member ->
                        instanceId.isPresent() && member.groupInstanceId().equals(instanceId));
        if (taken) {
            throw new OutageException(
                    "another consumer of group " + group + " has joined with the same group.instance.id "
                            + instanceId.orElse("")
                            + " and has taken this one's place; this one reads nothing until the"
                            + " other has left. What to do: stop one of the two, or give each an id of its own"
                            + " (KAFKA_GROUP_INSTANCE_ID)",
                    null);
        }
    }
}
