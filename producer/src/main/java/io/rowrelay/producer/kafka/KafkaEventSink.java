package io.rowrelay.producer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.EventSink;
import io.rowrelay.producer.capture.LostPublicationsException;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.capture.Publication;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.producer.capture.SourceCluster;
import io.rowrelay.producer.capture.WindowPart;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.json.CutJson;
import io.rowrelay.stream.kafka.CutTail;
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

    /** A record that waits to be handed over. */
    private sealed interface Sending {}

    /** A change; of a window, where the stream is published in cuts. */
    private record SendingChange(
            Change change,
            List<Header> headers,
            PendingPublication publication,
            @Nullable WindowRecords window) implements Sending {}

    /** A record of the cut topic, made once all before it is handed over. */
    private record SendingCut(Supplier<CutRecord> record, PendingPublication publication) implements Sending {}

    private final ServedStream stream;
    private final TopicShape shape;
    private final KafkaClientSettings kafka;
    private final Supplier<PublishingClient> clients;
    private final ChangeReferences oversized;
    private final LongSupplier nanoClock;
    private final SecretWatch secrets;

    private final Deque<Sending> toSend = new ArrayDeque<>();
    private final Deque<PendingPublication> unacknowledged = new ArrayDeque<>();
    /** References to changes that the broker has refused, and what is to be said of their windows. */
    private final Queue<Sending> behind = new ConcurrentLinkedQueue<>();

    private final PartitionChoice partitions = new PartitionChoice();
    private final TopicWatch watch;
    private AcknowledgedOffsets acknowledged = new AcknowledgedOffsets();
    private final AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
    private PublishingTopics topics;
    private @Nullable WindowRecords window;
    private @Nullable PublishingClient client;
    private volatile long progressAt;
    private boolean answered;
    private long topicsCheckedAt;

    /** The first client is opened by the first {@link #advance} after it is known which stream is served. */
    public KafkaEventSink(
            ServedStream stream,
            TopicShape shape,
            KafkaClientSettings kafka,
            Supplier<PublishingClient> clients,
            ChangeReferences oversized,
            LongSupplier nanoClock) {
        this.stream = stream;
        this.shape = shape;
        this.topics = new PublishingTopics(stream.configured(), shape, false);
        this.kafka = kafka;
        this.secrets = new SecretWatch(kafka);
        this.clients = clients;
        this.oversized = oversized;
        this.nanoClock = nanoClock;
        this.watch = new TopicWatch(kafka, topics.topics(), nanoClock);
        this.progressAt = nanoClock.getAsLong();
    }

    @Override
    public Publication publish(Page page, SourceCluster source) {
        return page.window().isPresent() ? publish(page, page.window().get(), source) : publish(page.changes(), source);
    }

    private Publication publish(Page page, WindowPart part, SourceCluster source) {
        WindowRecords known = window;
        WindowRecords records = known != null && known.id().equals(part.id())
                ? known
                : new WindowRecords(part.id(), source.systemIdentifier());
        window = records;
        PendingPublication publication = begin(page.changes().size()
                + (part.begins() ? 1 : 0)
                + part.ending().stream().mapToInt(end -> 1).sum());
        if (part.begins()) {
            toSend.add(new SendingCut(() -> records.opened(part), publication));
        }
        add(page.changes(), source, publication, records);
        part.ending().ifPresent(end -> toSend.add(new SendingCut(() -> records.cut(part, end), publication)));
        return publication;
    }

    private Publication publish(List<Change> changes, SourceCluster source) {
        PendingPublication publication = begin(changes.size());
        add(changes, source, publication, null);
        return publication;
    }

    private PendingPublication begin(int records) {
        PendingPublication publication = new PendingPublication(records);
        if (unacknowledged.isEmpty()) {
            progressAt = nanoClock.getAsLong();
        }
        unacknowledged.add(publication);
        return publication;
    }

    private void add(
            List<Change> changes,
            SourceCluster source,
            PendingPublication publication,
            @Nullable WindowRecords records) {
        List<Header> headers = List.of(header(PublishedChange.SOURCE_HEADER, source.systemIdentifier()));
        List<Header> lastHeaders = source.timeline() == 0
                ? headers
                : List.of(headers.get(0), header(PublishedChange.TIMELINE_HEADER, source.timeline()));
        int last = changes.size() - 1;
        for (int i = 0; i <= last; i++) {
            // Only one record of a page carries it, to cost little. That record is at the end of its partition, where
            // it is
            // looked for.
            List<Header> carried = i == last ? lastHeaders : headers;
            toSend.add(new SendingChange(changes.get(i), carried, publication, records));
        }
    }

    @Override
    public void advance() throws OutageException, InterruptedException {
        refuseBroken();
        serve();
        if (topics.isUnknown()) {
            requireAnswer();
            return;
        }
        refuseLoss();
        PublishingClient open = open();
        try {
            for (Sending next = behind.peek(); next != null; next = behind.peek()) {
                handOverBehind(open, next);
                behind.remove();
            }
            for (Sending next = toSend.peek(); next != null; next = toSend.peek()) {
                handOver(open, next);
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

    /** The topics must be there before they are looked at. */
    private void ready() throws OutageException, InterruptedException {
        serve();
        open();
    }

    /** Other tables can come into the stream. */
    private void serve() throws OutageException, InterruptedException {
        Optional<Stream> served = stream.served();
        if (served.isEmpty() || (!topics.isUnknown() && served.get().equals(topics.stream()))) {
            return;
        }
        PublishingTopics now = new PublishingTopics(served.get(), shape, true);
        if (client != null) {
            now.createMissing(kafka);
            now.requireRights(kafka.admin());
        }
        topics = now;
        watch.watch(now.topics());
    }

    /** Once: whoever waits for Kafka as well as for the source is to hear of Kafka first. */
    private void requireAnswer() throws OutageException, InterruptedException {
        if (!answered) {
            topics.requireAnswer(kafka);
            answered = true;
        }
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
        ready();
        partitions.forget();
        PublishedOffsets now = watch.takeUp();
        acknowledged.begin(now);
        return now;
    }

    @Override
    public Set<Partition> lost(PublishedOffsets published) throws OutageException, InterruptedException {
        ready();
        return watch.lost(published);
    }

    @Override
    public List<PublishedChange> recent(CapturedTable table) throws OutageException, InterruptedException {
        ready();
        return TopicTail.read(kafka.consumer(), table.topic());
    }

    @Override
    public List<Cut> recentCuts() throws OutageException, InterruptedException {
        ready();
        return topics.stream().inCuts() ? CutTail.read(kafka.consumer(), topics.cutTopic()) : List.of();
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

    private void handOver(PublishingClient open, Sending next) throws OutageException {
        if (next instanceof SendingCut cut) {
            handOver(open, cut);
            return;
        }
        SendingChange change = (SendingChange) next;
        WindowRecords records = change.window();
        if (records == null) {
            handOver(open, change, null);
            return;
        }
        int partition = partitions.of(change.change(), open.producer());
        handOver(open, change, partition);
        records.count(change.change().table().topic(), partition);
    }

    private void handOver(PublishingClient open, SendingChange next, @Nullable Integer partition)
            throws OutageException {
        Change change = next.change();
        if (change.value() == null) {
            handOverReference(open, next);
            return;
        }
        WindowRecords records = next.window();
        List<Header> headers = records == null ? next.headers() : records.headers(change, next.headers());
        AcknowledgedOffsets offsets = acknowledged;
        handOver(
                open,
                new ProducerRecord<>(change.table().topic(), partition, change.key(), change.value(), headers),
                new HandOver.Outcome() {
                    @Override
                    public void acknowledged(RecordMetadata metadata) {
                        progressAt = nanoClock.getAsLong();
                        if (metadata.hasOffset()) {
                            // Counted before it is acknowledged, so that no checkpoint covers it uncounted.
                            offsets.acknowledged(metadata, change.actionId());
                        }
                        next.publication().acknowledgeOne();
                    }

                    @Override
                    public void failed(Exception failure) {
                        if (KafkaFailures.isTooLarge(failure)) {
                            behind.add(next);
                        } else {
                            broken.compareAndSet(null, failure);
                        }
                    }
                });
    }

    /** What a change that the broker has refused leaves behind. */
    private void handOverBehind(PublishingClient open, Sending next) throws OutageException {
        if (next instanceof SendingChange change) {
            handOverReference(open, change);
        } else {
            handOver(open, next);
        }
    }

    private void handOverReference(PublishingClient open, SendingChange next) throws OutageException {
        Change change = next.change();
        WindowRecords records = next.window();
        // Asked for now: the answer comes in another thread.
        int partition = records == null ? 0 : partitions.of(change, open.producer());
        handOver(open, oversized.reference(topics.deadLetterTopic(), change), new HandOver.Outcome() {
            @Override
            public void acknowledged(RecordMetadata metadata) {
                progressAt = nanoClock.getAsLong();
                oversized.count();
                if (records == null) {
                    next.publication().acknowledgeOne();
                } else {
                    // Acknowledged when that is.
                    behind.add(new SendingCut(
                            () -> records.missing(change.table().topic(), partition), next.publication()));
                }
            }

            @Override
            public void failed(Exception failure) {
                broken.compareAndSet(null, failure);
            }
        });
    }

    private void handOver(PublishingClient open, SendingCut next) throws OutageException {
        AcknowledgedOffsets offsets = acknowledged;
        handOver(
                open,
                new ProducerRecord<>(
                        topics.cutTopic(),
                        0,
                        topics.name(),
                        CutJson.print(next.record().get())),
                new HandOver.Outcome() {
                    @Override
                    public void acknowledged(RecordMetadata metadata) {
                        progressAt = nanoClock.getAsLong();
                        if (metadata.hasOffset()) {
                            offsets.acknowledged(metadata, 0);
                        }
                        next.publication().acknowledgeOne();
                    }

                    @Override
                    public void failed(Exception failure) {
                        broken.compareAndSet(null, failure);
                    }
                });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of every outcome.
    private static void handOver(PublishingClient open, ProducerRecord<byte[], byte[]> record, HandOver.Outcome outcome)
            throws OutageException {
        HandOver handOver = new HandOver(outcome);
        open.producer().send(record, handOver);
        Exception refusal = handOver.refusal();
        if (refusal != null && KafkaFailures.isRetriable(refusal)) {
            throw KafkaFailures.outage("publishing to topic " + record.topic(), refusal);
        }
        if (refusal != null) {
            outcome.failed(refusal);
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
        window = null;
        partitions.forget();
        toSend.clear();
        unacknowledged.clear();
        behind.clear();
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
