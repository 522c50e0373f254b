package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Who else is in the consumer group, and which destination the group feeds. That stands beside its offsets: of two destinations
 * under one group each would get a part of the changes. Not thread-safe.
 */
public final class ConsumerGroup {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    /** The answer to a question. */
    record Situation(Optional<String> claimed, Collection<MemberDescription> members) {}

    private final Supplier<Admin> admin;
    private final String group;
    private final Optional<String> instanceId;

    /** The client stays the caller's to close; it is not used before the first question. */
    ConsumerGroup(Supplier<Admin> admin, String group, Optional<String> instanceId) {
        this.admin = admin;
        this.group = group;
        this.instanceId = instanceId;
    }

    /** Asks, and does not wait for the answer. */
    CompletableFuture<Situation> question(String topic) {
        Admin client = admin.get();
        CompletableFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>> offsets =
                future(client.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        CompletableFuture<Collection<MemberDescription>> members = future(Objects.requireNonNull(
                        client.describeConsumerGroups(List.of(group))
                                .describedGroups()
                                .get(group),
                        "what was asked for"))
                .thenApply(description -> description.members())
                .exceptionally(ConsumerGroup::none);
        return offsets.thenCombine(members, (found, there) -> new Situation(claimed(topic, found), there));
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

    /** The partition with the lowest number has the last word. */
    private static Optional<String> claimed(String topic, Map<TopicPartition, @Nullable OffsetAndMetadata> offsets) {
        Optional<String> claimed = Optional.empty();
        int lowest = Integer.MAX_VALUE;
        for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> each : offsets.entrySet()) {
            OffsetAndMetadata committed = each.getValue();
            TopicPartition partition = each.getKey();
            if (committed != null
                    && partition.topic().equals(topic)
                    && partition.partition() < lowest
                    && GroupClaim.destination(committed.metadata()).isPresent()) {
                lowest = partition.partition();
                claimed = GroupClaim.destination(committed.metadata());
            }
        }
        return claimed;
    }

    /** Asks, and waits for the answer. */
    Situation ask(String topic) throws OutageException {
        try {
            return question(topic).get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("asking for consumer group " + group, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptException(interrupted);
        }
    }

    /**
     * Refuses while consumers of another destination are in the group. Once they are gone the group is this destination's to take
     * over: each destination knows its own place, so nothing is lost by that.
     *
     * @param self this consumer's id in the group; empty while it is not in it
     * @return the other destination that the group has fed until now, if there is one
     */
    Optional<String> refuseAnother(Situation situation, String destination, String self) throws OutageException {
        Optional<String> another = situation.claimed().filter(claimed -> !claimed.equals(destination));
        boolean alive = situation.members().stream()
                .anyMatch(member -> !member.consumerId().equals(self));
        if (another.isPresent() && alive) {
            throw new OutageException(
                    "consumer group " + group + " feeds another destination (system identifier and database oid "
                            + another.get() + ", this one is " + destination
                            + "), and its consumers are running; each of the two would get a part of the changes only, so"
                            + " this one reads nothing. What to do: give this destination a group of its own"
                            + " (KAFKA_GROUP_ID), or, where it replaces the other one, stop the consumers of that: then this"
                            + " one takes the group over",
                    null);
        }
        return another;
    }

    /** Refuses while another member of the group has this consumer's group.instance.id: the newer one has it. */
    void refuseFenced(Situation situation) throws OutageException {
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
