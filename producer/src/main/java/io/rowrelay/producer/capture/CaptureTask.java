package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.stream.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the change table: becomes the active producer, then reads a page, sends it, and once it is acknowledged
 * writes the checkpoint.
 *
 * <p>The order of effects keeps the promise that nothing is lost: a checkpoint is written only after every change before
 * it is acknowledged; and nothing is sent before the topic has shown that the source is still the one it came from. Pages
 * overlap: the next is read while earlier ones are on their way; they are acknowledged and checkpointed in order. Not
 * thread-safe.
 */
public final class CaptureTask implements Task, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureTask.class);
    private static final Duration STANDBY_RETRY = Duration.ofSeconds(1);

    private final SourceDatabase database;
    private final EventSink sink;
    private final Readiness readiness;
    private final CaptureMetrics metrics;
    private final Duration captureCheckInterval;
    private final LongSupplier nanoClock;

    private final PauseWatch pause;
    private final FlushWait flush;
    private final PagesInFlight inFlight;
    private @Nullable SourceSession session;
    /** The loss after which nothing has been acknowledged yet: until then the outage is not over, only tried again. */
    private @Nullable LostPublicationsException unproven;

    private Checkpoint read = new Checkpoint("", null, 0, 0);
    private long checkedAt;
    private long nextLockAttemptAt;

    /** Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public CaptureTask(
            SourceDatabase database,
            EventSink sink,
            Readiness readiness,
            CaptureMetrics metrics,
            Duration captureCheckInterval,
            LongSupplier nanoClock) {
        this.database = database;
        this.sink = sink;
        this.readiness = readiness;
        this.metrics = metrics;
        this.captureCheckInterval = captureCheckInterval;
        this.nanoClock = nanoClock;
        this.nextLockAttemptAt = nanoClock.getAsLong();
        this.pause = new PauseWatch(readiness, metrics, nanoClock);
        this.flush = new FlushWait(readiness, nanoClock);
        this.inFlight = new PagesInFlight(sink, metrics, nanoClock);
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        send();
        int done = work();
        // Before the rest that a small page may be followed by.
        send();
        LostPublicationsException lost = unproven;
        if (lost != null) {
            throw new OutageException(String.valueOf(lost.getMessage()), lost);
        }
        return done;
    }

    private void send() throws OutageException, InterruptedException {
        try {
            sink.advance();
        } catch (LostPublicationsException lost) {
            inFlight.clear();
            leave();
            unproven = lost;
            throw lost;
        }
    }

    private int work() throws OutageException, InterruptedException {
        SourceSession active = session;
        if (active == null) {
            return open();
        }
        try {
            return relay(active);
        } catch (OutageException failure) {
            leave();
            throw failure;
        }
    }

    private int open() throws OutageException, InterruptedException {
        // What an earlier session sent must be out of the way, or an old change could follow its own repetition.
        if (!inFlight.drained()) {
            return 1;
        }
        if (nanoClock.getAsLong() - nextLockAttemptAt < 0) {
            return 0;
        }
        Optional<SourceSession> opened = database.tryOpen();
        if (opened.isEmpty()) {
            // What was lost is the active producer's to publish again.
            unproven = null;
            // Only here: a step that waits after an outage would look like a success between two failures.
            nextLockAttemptAt = nanoClock.getAsLong() + STANDBY_RETRY.toNanos();
            database.idlePeer()
                    .ifPresentOrElse(
                            peer -> readiness.notReady("standby, but the active producer does not work: " + peer),
                            () -> readiness.ready("standby: another producer holds the stream's lock"));
            return 0;
        }
        begin(opened.get());
        return 1;
    }

    private void begin(SourceSession opened) throws OutageException, InterruptedException {
        session = opened;
        try {
            // Topics that it creates are known to all brokers by the time they are read.
            sink.advance();
            CaptureCheck.check(opened.tables());
            read = opened.checkpoint();
            // After the lock was taken: whatever another producer may still send, it read before.
            for (TableCapture table : opened.tables()) {
                table.compareWith(sink);
            }
            read = new TopicLoss(sink, metrics).checkpoint(opened, read);
        } catch (OutageException | InterruptedException | RuntimeException failure) {
            leave();
            throw failure;
        }
        inFlight.begin(read);
        checkedAt = nanoClock.getAsLong();
        pause.newSession();
        LOG.info(
                "active: reading on after action_id={} windowOpen={}",
                read.lastActionId(),
                read.windowSnapshot() != null);
    }

    private int relay(SourceSession active) throws OutageException, InterruptedException {
        settle(active);
        if (inFlight.isFull()) {
            inFlight.awaitFirst();
            return 1;
        }
        checkCaptureWhenDue(active);
        if (pause.holds(active)) {
            // Nothing is tried while it lasts, so nothing can be proven either.
            unproven = null;
            return 0;
        }
        Page page = next(active);
        if (!page.isEmpty() && flush.holds(active, page)) {
            return 0;
        }
        read = page.after();
        if (unproven == null) {
            readiness.ready("active");
        }
        if (!page.isEmpty()) {
            inFlight.publish(page, active.cluster());
        } else if (inFlight.count() == 0) {
            inFlight.caughtUp(read);
            unproven = null;
            metrics.caughtUp();
            // Not before what was published is in the checkpoint, which is due within a moment.
            if (!inFlight.hasUnsaved() && read.windowSnapshot() == null && active.awaitChanges(read)) {
                return 1;
            }
        }
        // In the middle of a window there is nothing to wait for.
        return page.after().windowSnapshot() == null
                ? page.changes().size()
                : Math.max(page.changes().size(), PollPace.MANY);
    }

    private Page next(SourceSession active) throws OutageException {
        Page known = flush.held();
        if (known != null) {
            return known;
        }
        Page page = active.read(read);
        if (!page.changes().isEmpty()) {
            metrics.captured(page.changes(), page.waiting());
        }
        return page;
    }

    private void settle(SourceSession active) throws OutageException {
        if (inFlight.settle()) {
            unproven = null;
        }
        inFlight.saveWhenDue(active);
    }

    private void checkCaptureWhenDue(SourceSession active) throws OutageException {
        if (nanoClock.getAsLong() - checkedAt >= captureCheckInterval.toNanos()) {
            CaptureCheck.check(active.tables());
            checkedAt = nanoClock.getAsLong();
        }
    }

    private void leave() {
        SourceSession left = session;
        session = null;
        flush.forget();
        nextLockAttemptAt = nanoClock.getAsLong();
        if (left != null) {
            left.close();
        }
    }

    /**
     * Finishes what is in flight and writes the last checkpoint, at most as long as given; what is not acknowledged by
     * then will be published again after the next start.
     */
    public void finish(Duration atMost) throws InterruptedException {
        long deadline = nanoClock.getAsLong() + atMost.toNanos();
        SourceSession active = session;
        try {
            while (active != null && inFlight.count() > 0 && nanoClock.getAsLong() - deadline < 0) {
                sink.advance();
                inFlight.awaitFirst();
                settle(active);
            }
            if (active != null) {
                inFlight.save(active);
            }
        } catch (OutageException failure) {
            LOG.warn(
                    "stopping without the last checkpoint, the next start repeats some changes: {}",
                    failure.getMessage());
        }
        if (inFlight.count() > 0) {
            LOG.warn("stopping with unacknowledged pages={}, the next start publishes them again", inFlight.count());
        }
    }

    @Override
    public void close() {
        leave();
    }
}
