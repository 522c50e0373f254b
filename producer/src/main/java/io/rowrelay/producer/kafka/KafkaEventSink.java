package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.EventSink;
import io.rowrelay.producer.capture.LostPublicationsException;
import io.rowrelay.producer.capture.Publication;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.SourceCluster;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.kafka.TopicTail;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.PublishedChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Publishes changes through one idempotent Kafka producer.
 *
 * <p>The client's delivery time-out is endless, so an outage of the broker never makes it give up a change and take a
 * later one, which would break the order of a key; and a change that it does not take stays at the head of the queue. Only
 * a failure that the client cannot repeat makes this sink replace the client and report everything unacknowledged as lost.
 * Not thread-safe, but for the client's callbacks.
 */
public final class KafkaEventSink implements EventSink, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(15);

    private record Sending(Change change, List<Header> headers, PendingPublication publication) {}

    private final PublishingTopics topics;
    private final KafkaClientSettings kafka;
    private final Supplier<PublishingClient> clients;
    private final ChangeReferences oversized;
    private final LongSupplier nanoClock;
    private final SecretWatch secrets;

    private final Deque<Sending> toSend = new ArrayDeque<>();
    private final Deque<PendingPublication> unacknowledged = new ArrayDeque<>();
    private final Queue<Sending> tooLarge = new ConcurrentLinkedQueue<>();
    private final TopicWatch watch;
    private AcknowledgedOffsets acknowledged = new AcknowledgedOffsets();
    private final AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
    private @Nullable PublishingClient client;
    private volatile long progressAt;
    private long topicsCheckedAt;

    /** The first client is opened by the first {@link #advance}. */
    public KafkaEventSink(
            PublishingTopics topics,
            KafkaClientSettings kafka,
            Supplier<PublishingClient> clients,
            ChangeReferences oversized,
            LongSupplier nanoClock) {
        this.topics = topics;
        this.kafka = kafka;
        this.secrets = new SecretWatch(kafka);
        this.clients = clients;
        this.oversized = oversized;
        this.nanoClock = nanoClock;
        this.watch = new TopicWatch(kafka, topics.topics(), nanoClock);
        this.progressAt = nanoClock.getAsLong();
    }

    @Override
    public Publication publish(List<Change> changes, SourceCluster source) {
        PendingPublication publication = new PendingPublication(changes.size());
        if (unacknowledged.isEmpty()) {
            progressAt = nanoClock.getAsLong();
        }
        List<Header> headers = List.of(header(PublishedChange.SOURCE_HEADER, source.systemIdentifier()));
        List<Header> lastHeaders = source.timeline() == 0
                ? headers
                : List.of(headers.get(0), header(PublishedChange.TIMELINE_HEADER, source.timeline()));
        int last = changes.size() - 1;
        changes.subList(0, last).forEach(change -> toSend.add(new Sending(change, headers, publication)));
        // Only one record of a page carries it, to cost little. That record is at the end of its partition, where it is
        // looked
        // for.
        toSend.add(new Sending(changes.get(last), lastHeaders, publication));
        unacknowledged.add(publication);
        return publication;
    }

    @Override
    public void advance() throws OutageException, InterruptedException {
        refuseBroken();
        refuseLoss();
        PublishingClient open = open();
        try {
            for (Sending next = tooLarge.peek(); next != null; next = tooLarge.peek()) {
                handOver(open, reference(next), next);
                tooLarge.remove();
            }
            for (Sending next = toSend.peek(); next != null; next = toSend.peek()) {
                handOver(open, record(next), next);
                toSend.remove();
            }
        } catch (InterruptException interrupted) {
            throw (InterruptedException) new InterruptedException("while publishing").initCause(interrupted);
        } catch (KafkaException failure) {
            broken.compareAndSet(null, failure);
            refuseBroken();
        }
        reportStall();
    }

    /** The client itself goes on when the topic was cut: it begins its numbering again. */
    private void refuseLoss() throws OutageException, InterruptedException {
        Optional<String> loss = acknowledged.contradiction();
        if (loss.isEmpty()) {
            loss = watch.loss(acknowledged::published);
        }
        if (loss.isPresent()) {
            abandon();
            throw new LostPublicationsException(
                    topics + " seems to have lost records: " + loss.get() + "; looking at what it still holds", null);
        }
    }

    @Override
    public PublishedOffsets published() {
        return acknowledged.published();
    }

    @Override
    public PublishedOffsets takeUp() throws OutageException, InterruptedException {
        PublishedOffsets now = watch.takeUp();
        acknowledged.begin(now);
        return now;
    }

    @Override
    public Set<Partition> lost(PublishedOffsets published) throws OutageException, InterruptedException {
        return watch.lost(published);
    }

    @Override
    public List<PublishedChange> recent(CapturedTable table) throws OutageException, InterruptedException {
        return TopicTail.read(kafka.consumer(), table.topic());
    }

    private static Header header(String name, long number) {
        return new RecordHeader(name, Long.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    private PublishingClient open() throws OutageException, InterruptedException {
        PublishingClient open = client;
        if (open == null) {
            topics.createMissing(kafka);
            topics.requireRights(kafka.admin());
            topicsCheckedAt = nanoClock.getAsLong();
            secrets.opening();
            open = clients.get();
            client = open;
        }
        return open;
    }

    private ProducerRecord<byte[], byte[]> record(Sending next) {
        Change change = next.change();
        return change.value() == null
                ? reference(next)
                : new ProducerRecord<>(change.table().topic(), null, change.key(), change.value(), next.headers());
    }

    private ProducerRecord<byte[], byte[]> reference(Sending next) {
        return oversized.reference(topics.deadLetterTopic(), next.change());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of every outcome.
    private void handOver(PublishingClient open, ProducerRecord<byte[], byte[]> record, Sending next)
            throws OutageException {
        boolean isReference = record.topic().equals(topics.deadLetterTopic());
        AcknowledgedOffsets offsets = acknowledged;
        HandOver handOver = new HandOver(new HandOver.Outcome() {
            @Override
            public void acknowledged(RecordMetadata metadata) {
                progressAt = nanoClock.getAsLong();
                if (isReference) {
                    oversized.count();
                } else if (metadata.hasOffset()) {
                    // Counted before it is acknowledged, so that no checkpoint covers it uncounted.
                    offsets.acknowledged(metadata, next.change().actionId());
                }
                next.publication().acknowledgeOne();
            }

            @Override
            public void failed(Exception failure) {
                refused(failure, isReference, next);
            }
        });
        open.producer().send(record, handOver);
        Exception refusal = handOver.refusal();
        if (refusal != null && KafkaFailures.isRetriable(refusal)) {
            throw KafkaFailures.outage("publishing to topic " + record.topic(), refusal);
        }
        if (refusal != null) {
            refused(refusal, isReference, next);
        }
    }

    private void refused(Exception failure, boolean isReference, Sending next) {
        if (KafkaFailures.isTooLarge(failure) && !isReference) {
            tooLarge.add(next);
        } else {
            broken.compareAndSet(null, failure);
        }
    }

    private void refuseBroken() throws LostPublicationsException {
        Exception cause = broken.getAndSet(null);
        if (cause == null) {
            return;
        }
        abandon();
        throw new LostPublicationsException(
                KafkaFailures.outage("publishing to " + topics, cause).getMessage()
                        + "; publishing again from the last checkpoint",
                cause);
    }

    /**
     * Says so when the broker acknowledges nothing for too long, or does not answer while nothing is published. A topic that
     * was deleted meanwhile is created again.
     */
    private void reportStall() throws OutageException, InterruptedException {
        while (!unacknowledged.isEmpty() && unacknowledged.peek().isAcknowledged()) {
            unacknowledged.remove();
        }
        long now = nanoClock.getAsLong();
        boolean stalled = !unacknowledged.isEmpty() && now - progressAt >= PATIENCE.toNanos();
        boolean quiet = unacknowledged.isEmpty() && now - progressAt >= PROBE_INTERVAL.toNanos();
        if (stalled && secrets.haveChanged()) {
            broken.compareAndSet(null, new KafkaException("the secrets for Kafka have changed in their files"));
            refuseBroken();
        }
        if ((stalled || quiet) && now - topicsCheckedAt >= (stalled ? PATIENCE : PROBE_INTERVAL).toNanos()) {
            topics.createMissing(kafka);
            topicsCheckedAt = now;
        }
        if (stalled) {
            throw KafkaFailures.outOfReach(topics.silence(), null);
        }
    }

    private void abandon() {
        PublishingClient open = client;
        client = null;
        // Answers to a client that was given up are ignored.
        acknowledged = new AcknowledgedOffsets();
        watch.forget();
        toSend.clear();
        unacknowledged.clear();
        tooLarge.clear();
        if (open != null) {
            open.abandon();
        }
        broken.set(null);
    }

    /** Gives up what is not acknowledged, without waiting. */
    @Override
    public void close() {
        abandon();
        watch.close();
    }
}
