package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Pages on their way to the topic, in order, and the checkpoint behind the acknowledged ones. The checkpoint is written only after
 * every change before it is acknowledged. Not thread-safe.
 */
final class PagesInFlight {
    private static final int MAXIMUM = 4;
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(100);
    private static final Duration IDLE_CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    /** How far apart the checkpoints lie to which a topic that lost records is taken back. */
    private static final Duration REMEMBER_INTERVAL = Duration.ofSeconds(10);

    private record InFlight(Publication publication, Page page) {}

    private final EventSink sink;
    private final CaptureMetrics metrics;
    private final LongSupplier nanoClock;
    private final Deque<InFlight> pages = new ArrayDeque<>();
    private Checkpoint acknowledged = new Checkpoint("", null, 0, 0);
    private Checkpoint saved = acknowledged;
    private boolean publishedSinceSaved;
    private long savedAt;
    private long rememberedAt;

    PagesInFlight(EventSink sink, CaptureMetrics metrics, LongSupplier nanoClock) {
        this.sink = sink;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
    }

    int count() {
        return pages.size();
    }

    boolean isFull() {
        return pages.size() >= MAXIMUM;
    }

    /** Whether an acknowledged page is not in the stored checkpoint yet, which is due within a moment. */
    boolean hasUnsaved() {
        return publishedSinceSaved;
    }

    /** A session begins at its stored checkpoint. */
    void begin(Checkpoint stored) {
        acknowledged = stored;
        saved = stored;
        savedAt = nanoClock.getAsLong();
        rememberedAt = savedAt;
    }

    void publish(Page page, SourceCluster source) {
        pages.add(new InFlight(sink.publish(page, source), page));
    }

    /** Nothing is in flight, and nothing waits before this checkpoint. */
    void caughtUp(Checkpoint read) {
        acknowledged = read;
    }

    void clear() {
        pages.clear();
    }

    void awaitFirst() throws InterruptedException {
        pages.getFirst().publication().await(PATIENCE);
    }

    /** Whether all are acknowledged by now or within a moment; then they are forgotten. */
    boolean drained() throws InterruptedException {
        InFlight last = pages.peekLast();
        if (last != null && !last.publication().await(PATIENCE)) {
            return false;
        }
        pages.clear();
        return true;
    }

    /** Takes note of what is acknowledged. Returns whether a page was. */
    boolean settle() {
        int before = pages.size();
        InFlight first = pages.peekFirst();
        while (first != null && first.publication().isAcknowledged()) {
            pages.removeFirst();
            acknowledged = first.page().after();
            // Cuts without changes must not make the source write, which would be another reason for a cut.
            publishedSinceSaved |= !first.page().changes().isEmpty();
            metrics.published(first.page().changes());
            first = pages.peekFirst();
        }
        return pages.size() < before;
    }

    void saveWhenDue(SourceSession session) throws OutageException {
        Duration interval = publishedSinceSaved ? CHECKPOINT_INTERVAL : IDLE_CHECKPOINT_INTERVAL;
        if (nanoClock.getAsLong() - savedAt >= interval.toNanos()) {
            save(session);
        }
    }

    /** Stores the checkpoint, unless it is stored. */
    void save(SourceSession session) throws OutageException {
        if (acknowledged.equals(saved)) {
            publishedSinceSaved = false;
            return;
        }
        // Read after the acknowledgements that the checkpoint stands for, so none of them lies behind it.
        PublishedOffsets published = sink.published();
        session.save(acknowledged, published);
        saved = acknowledged;
        savedAt = nanoClock.getAsLong();
        if (savedAt - rememberedAt >= REMEMBER_INTERVAL.toNanos()) {
            session.history().remember(acknowledged, published);
            rememberedAt = savedAt;
        }
        publishedSinceSaved = false;
    }
}
