package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
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
 * Tells which topics have the stream's names now. A topic that is deleted and created again keeps its name, and a consumer
 * reads on in the new one at the offset of the old one without a word: only the topic's id tells them apart. Not thread-safe.
 */
public final class TopicIdentity implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Supplier<Admin> clients;
    private final StreamTopics topics;
    private final LongSupplier nanoClock;
    private @Nullable Admin client;
    private final Map<String, String> known = new HashMap<>();
    private final Map<String, KafkaFuture<TopicDescription>> asked = new HashMap<>();
    private @Nullable KafkaFuture<Set<String>> listing;
    private long askedAt;

    /** The client is opened by the first question, when its brokers can be found. */
    public TopicIdentity(Supplier<Admin> clients, StreamTopics topics, LongSupplier nanoClock) {
        this.clients = clients;
        this.topics = topics;
        this.nanoClock = nanoClock;
        this.askedAt = nanoClock.getAsLong();
    }

    /** The stream's topics. */
    StreamTopics topics() {
        return topics;
    }

    /** Asks now, and waits for the answer: the id of each topic. */
    Map<String, String> ask() throws OutageException {
        asked.clear();
        listing = null;
        try {
            if (!topics.fixed()) {
                topics.find(get(admin().listTopics().names()));
            }
            if (topics.names().isEmpty()) {
                throw new OutageException(topics.missing(), null);
            }
            Map<String, KafkaFuture<TopicDescription>> questions = questions();
            for (String topic : topics.names()) {
                try {
                    hear(topic, get(question(questions, topic)));
                } catch (ExecutionException failure) {
                    throw outage(topic, failure);
                }
            }
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            closeUnauthenticated(failure);
            throw KafkaFailures.outage("asking for " + topics.text(), failure);
        }
        return Map.copyOf(known);
    }

    private static <T> T get(KafkaFuture<T> answer) throws ExecutionException, TimeoutException {
        try {
            return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptException(interrupted);
        }
    }

    /**
     * The ids as far as they are known; to be called often, asks now and then and never waits.
     *
     * @throws OutageException when there is no topic any more of which the name is known
     */
    Map<String, String> latest() throws OutageException {
        if (asked.isEmpty() && listing == null && nanoClock.getAsLong() - askedAt >= INTERVAL.toNanos()) {
            askedAt = nanoClock.getAsLong();
            if (topics.fixed()) {
                asked.putAll(questions());
            } else {
                listing = admin().listTopics().names();
            }
        }
        hearNames();
        for (String topic : topics.names()) {
            KafkaFuture<TopicDescription> pending = asked.get(topic);
            if (pending != null && pending.isDone()) {
                asked.remove(topic);
                hear(topic, pending);
            }
        }
        return known;
    }

    /** Topics that are gone are read no more; where all are, the last ones stay, so that their outage is reported. */
    private void hearNames() {
        KafkaFuture<Set<String>> pending = listing;
        if (pending == null || !pending.isDone()) {
            return;
        }
        listing = null;
        try {
            Set<String> all = pending.toCompletionStage().toCompletableFuture().join();
            if (!StreamTopics.among(topics.stream(), all).isEmpty()) {
                topics.find(all);
            }
            asked.putAll(questions());
        } catch (CompletionException | CancellationException | KafkaException failure) {
            // Whatever needs the broker reports its outage; this is asked again later.
            closeUnauthenticated(failure);
        }
    }

    private void hear(String topic, KafkaFuture<TopicDescription> answer) throws OutageException {
        try {
            hear(topic, answer.toCompletionStage().toCompletableFuture().join());
        } catch (CompletionException | CancellationException | KafkaException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                throw outage(topic, failure);
            }
            // Whatever needs the broker reports its outage; this is asked again later.
            closeUnauthenticated(failure);
        }
    }

    private void hear(String topic, TopicDescription description) {
        known.put(topic, description.topicId().toString());
    }

    /** The client, which stays this object's to close; opened by the first question. */
    Admin admin() {
        Admin open = client;
        if (open == null) {
            open = clients.get();
            client = open;
        }
        return open;
    }

    private Map<String, KafkaFuture<TopicDescription>> questions() {
        Admin open = admin();
        askedAt = nanoClock.getAsLong();
        return open.describeTopics(topics.names()).topicNameValues();
    }

    private static <T> KafkaFuture<T> question(Map<String, KafkaFuture<T>> questions, String topic) {
        return Objects.requireNonNull(questions.get(topic), "what was asked for");
    }

    private OutageException outage(String topic, Exception failure) {
        closeUnauthenticated(failure);
        return failure.getCause() instanceof UnknownTopicOrPartitionException
                ? new OutageException(noTopic(topic), failure)
                : KafkaFailures.outage("asking for topic " + topic, failure);
    }

    static String noTopic(String topic) {
        return "topic " + topic + " does not exist; the producer creates it";
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
