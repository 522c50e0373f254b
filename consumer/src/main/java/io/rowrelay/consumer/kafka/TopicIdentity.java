package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 * Which topic it is that has the stream's name. A topic that is deleted and created again keeps its name, and a consumer
 * reads on in the new one at the offset of the old one without a word: only the topic's id tells them apart. Not
 * thread-safe.
 */
public final class TopicIdentity implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Supplier<Admin> clients;
    private final String topic;
    private final LongSupplier nanoClock;
    private @Nullable Admin client;
    private @Nullable String known;
    private @Nullable KafkaFuture<TopicDescription> asked;
    private long askedAt;

    /** The client is opened by the first question, when its brokers can be found. */
    public TopicIdentity(Supplier<Admin> clients, String topic, LongSupplier nanoClock) {
        this.clients = clients;
        this.topic = topic;
        this.nanoClock = nanoClock;
        this.askedAt = nanoClock.getAsLong();
    }

    /** Asks now, and waits for the answer. */
    String ask() throws OutageException {
        try {
            KafkaFuture<TopicDescription> question = question();
            asked = null;
            String id = question.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .topicId()
                    .toString();
            known = id;
            return id;
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw outage(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptException(interrupted);
        }
    }

    /**
     * The topic's id as far as it is known; to be called often, asks now and then and never waits.
     *
     * @throws OutageException when there is no such topic any more
     */
    Optional<String> latest() throws OutageException {
        KafkaFuture<TopicDescription> pending = asked;
        if (pending == null) {
            if (nanoClock.getAsLong() - askedAt >= INTERVAL.toNanos()) {
                asked = question();
            }
        } else if (pending.isDone()) {
            asked = null;
            hear(pending);
        }
        return Optional.ofNullable(known);
    }

    private void hear(KafkaFuture<TopicDescription> answer) throws OutageException {
        try {
            known = answer.toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .topicId()
                    .toString();
        } catch (CompletionException | CancellationException | KafkaException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                throw outage(failure);
            }
            // Whether the broker is there is for those to say who need it; this is asked again.
            closeRefused(failure);
        }
    }

    /** The client, which stays this object's to close; opened by the first question. */
    public Admin admin() {
        Admin open = client;
        if (open == null) {
            open = clients.get();
            client = open;
        }
        return open;
    }

    private KafkaFuture<TopicDescription> question() {
        Admin open = admin();
        askedAt = nanoClock.getAsLong();
        return Objects.requireNonNull(
                open.describeTopics(List.of(topic)).topicNameValues().get(topic), "what was asked for");
    }

    private OutageException outage(Exception failure) {
        closeRefused(failure);
        return failure.getCause() instanceof UnknownTopicOrPartitionException
                ? new OutageException(KafkaChangeStream.noTopic(topic), failure)
                : KafkaFailures.outage("asking for topic " + topic, failure);
    }

    /** A client keeps the credentials that it was opened with; the next question opens one with those of then. */
    private void closeRefused(Exception failure) {
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
