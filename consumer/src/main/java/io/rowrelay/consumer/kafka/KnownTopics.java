package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Which topics there are under the names that are read, when more names come while it works: {@link TopicIdentity} without a fixed list
 * of them. Not thread-safe.
 */
final class KnownTopics implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Supplier<Admin> clients;
    private final LongSupplier nanoClock;
    private final Map<String, KafkaFuture<TopicDescription>> asked = new HashMap<>();
    private @Nullable Admin client;
    private long askedAt;

    /** The client is opened by the first question, when its brokers can be found. */
    KnownTopics(Supplier<Admin> clients, LongSupplier nanoClock) {
        this.clients = clients;
        this.nanoClock = nanoClock;
        this.askedAt = nanoClock.getAsLong();
    }

    /** Asks now, and waits for the answer: those of the topics that exist. */
    Map<String, TopicDescription> ask(Collection<String> topics) throws OutageException {
        asked.clear();
        Map<String, TopicDescription> found = new HashMap<>();
        try {
            for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                    question(topics).entrySet()) {
                TopicDescription description = answer(each.getValue());
                if (description != null) {
                    found.put(each.getKey(), description);
                }
            }
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            closeUnauthenticated(failure);
            throw KafkaFailures.outage(
                    "asking for " + (topics.size() == 1 ? "topic " : "topics ") + String.join(", ", topics), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptException(interrupted);
        }
        return found;
    }

    private static @Nullable TopicDescription answer(KafkaFuture<TopicDescription> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw failure;
        }
    }

    /** Whether one of the topics has another identity now, or none; to be called often, asks now and then and never waits. */
    boolean haveChanged(Map<String, String> ids) {
        if (asked.isEmpty() && nanoClock.getAsLong() - askedAt >= INTERVAL.toNanos()) {
            asked.putAll(question(ids.keySet()));
        }
        boolean changed = false;
        for (String topic : Set.copyOf(asked.keySet())) {
            KafkaFuture<TopicDescription> pending = Objects.requireNonNull(asked.get(topic));
            if (pending.isDone()) {
                asked.remove(topic);
                changed |= ids.containsKey(topic) && hasChanged(pending, Objects.requireNonNull(ids.get(topic)));
            }
        }
        return changed;
    }

    private boolean hasChanged(KafkaFuture<TopicDescription> answer, String id) {
        try {
            return !answer.toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .topicId()
                    .toString()
                    .equals(id);
        } catch (CompletionException | CancellationException | KafkaException failure) {
            closeUnauthenticated(failure);
            // Whatever else needs the broker reports its outage.
            return failure.getCause() instanceof UnknownTopicOrPartitionException;
        }
    }

    private Map<String, KafkaFuture<TopicDescription>> question(Collection<String> topics) {
        askedAt = nanoClock.getAsLong();
        Admin open = client;
        if (open == null) {
            open = clients.get();
            client = open;
        }
        return open.describeTopics(topics).topicNameValues();
    }

    /** A client keeps the credentials that it was opened with; the next question opens one with the current ones. */
    private void closeUnauthenticated(Exception failure) {
        if (KafkaFailures.isAuthentication(failure)) {
            close();
            client = null;
        }
    }

    @Override
    public void close() {
        Admin open = client;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
