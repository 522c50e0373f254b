package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.EventSink;
import io.rowrelay.producer.capture.LostPublicationsException;
import io.rowrelay.producer.capture.Publication;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes changes through one idempotent Kafka producer.
 *
 * <p>The client's delivery time-out is endless, so an outage of the broker never makes it give up a change and take a
 * later one, which would break the order of a key. Only a failure that the client cannot repeat makes this sink replace
 * the client and report everything unacknowledged as lost. Not thread-safe, but for the client's callbacks.
 */
public final class KafkaEventSink implements EventSink, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private record Sending(Change change, PendingPublication publication) {}

    private record Waiting(PendingPublication publication, long since) {}

    private final PublishingTopics topics;
    private final Map<String, Object> adminClient;
    private final Function<PublishingTopics, Producer<byte[], byte[]>> clients;
    private final OversizedChanges oversized;
    private final LongSupplier nanoClock;

    private final Deque<Sending> toSend = new ArrayDeque<>();
    private final Deque<Waiting> unacknowledged = new ArrayDeque<>();
    private final Queue<Sending> tooLarge = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
    private @Nullable Producer<byte[], byte[]> client;
    private long topicsCheckedAt;

    /** The first client is opened by the first {@link #advance}. */
    public KafkaEventSink(
            PublishingTopics topics,
            Map<String, Object> adminClient,
            Function<PublishingTopics, Producer<byte[], byte[]>> clients,
            OversizedChanges oversized,
            LongSupplier nanoClock) {
        this.topics = topics;
        this.adminClient = Map.copyOf(adminClient);
        this.clients = clients;
        this.oversized = oversized;
        this.nanoClock = nanoClock;
    }

    @Override
    public Publication publish(List<Change> changes) {
        PendingPublication publication = new PendingPublication(changes.size());
        changes.forEach(change -> toSend.add(new Sending(change, publication)));
        unacknowledged.add(new Waiting(publication, nanoClock.getAsLong()));
        return publication;
    }

    @Override
    public void advance() throws TransientFailureException, InterruptedException {
        refuseBroken();
        Producer<byte[], byte[]> open = open();
        try {
            for (Sending next = tooLarge.peek(); next != null; next = tooLarge.peek()) {
                sendReference(open, next);
                tooLarge.remove();
            }
            for (Sending next = toSend.peek(); next != null; next = toSend.peek()) {
                send(open, next);
                toSend.remove();
            }
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while publishing").initCause(interrupted);
        } catch (KafkaException failure) {
            if (!KafkaFailures.isRetriable(failure)) {
                broken.compareAndSet(null, failure);
            }
            throw KafkaFailures.outage("publishing to topic " + topics.topic(), failure);
        }
        reportStall();
    }

    private Producer<byte[], byte[]> open() throws TransientFailureException, InterruptedException {
        Producer<byte[], byte[]> open = client;
        if (open == null) {
            topics.createMissing(adminClient);
            topicsCheckedAt = nanoClock.getAsLong();
            open = clients.apply(topics);
            client = open;
        }
        return open;
    }

    private void send(Producer<byte[], byte[]> open, Sending next) {
        Change change = next.change();
        if (change.value() == null) {
            sendReference(open, next);
            return;
        }
        open.send(new ProducerRecord<>(topics.topic(), change.key(), change.value()), (metadata, failure) -> {
            if (failure == null) {
                next.publication().acknowledgeOne();
            } else if (KafkaFailures.isTooLarge(failure)) {
                tooLarge.add(next);
            } else {
                broken.compareAndSet(null, failure);
            }
        });
    }

    private void sendReference(Producer<byte[], byte[]> open, Sending next) {
        open.send(oversized.reference(topics, next.change()), (metadata, failure) -> {
            if (failure == null) {
                oversized.count();
                next.publication().acknowledgeOne();
            } else {
                broken.compareAndSet(null, failure);
            }
        });
    }

    private void refuseBroken() throws LostPublicationsException {
        Exception cause = broken.getAndSet(null);
        if (cause == null) {
            return;
        }
        abandon();
        throw new LostPublicationsException(
                KafkaFailures.outage("publishing to topic " + topics.topic(), cause)
                                .getMessage() + "; publishing again from the last checkpoint",
                cause);
    }

    /** Says so when the oldest page waits too long; a topic that was deleted meanwhile is created again. */
    private void reportStall() throws TransientFailureException, InterruptedException {
        Waiting oldest = unacknowledged.peek();
        while (oldest != null && oldest.publication().isAcknowledged()) {
            unacknowledged.remove();
            oldest = unacknowledged.peek();
        }
        long now = nanoClock.getAsLong();
        if (oldest == null || now - oldest.since() < PATIENCE.toNanos()) {
            return;
        }
        if (now - topicsCheckedAt > PATIENCE.toNanos()) {
            topicsCheckedAt = now;
            topics.createMissing(adminClient);
        }
        throw new TransientFailureException(
                "Kafka acknowledges nothing on topic " + topics.topic() + "; nothing is lost, the client repeats",
                null);
    }

    private void abandon() {
        Producer<byte[], byte[]> open = client;
        client = null;
        toSend.clear();
        unacknowledged.clear();
        tooLarge.clear();
        if (open != null) {
            open.close(Duration.ZERO);
        }
        broken.set(null);
    }

    /** Gives up what is not acknowledged, without waiting. */
    @Override
    public void close() {
        abandon();
    }
}
