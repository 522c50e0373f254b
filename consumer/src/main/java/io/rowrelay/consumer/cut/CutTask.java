package io.rowrelay.consumer.cut;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.window.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a stream to the destination in cuts: reads, puts windows together, applies those that are complete.
 *
 * <p>The order of effects keeps the promise that nothing is lost and nothing is half: records that belong to no window are acknowledged on
 * the dead-letter topic; then complete windows are committed together with the progress behind them. Reading is not remembered
 * anywhere else: after a crash it goes on behind that progress, and changes that the applied state shows already have no effect.
 *
 * <p>As long as another consumer holds the stream's lock this one stands by. Not thread-safe, but for {@link #state}.
 */
public final class CutTask implements Task, AutoCloseable {
    /** To be waited between two steps of a consumer that stands by. */
    public static final Duration STANDBY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(CutTask.class);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);
    /** The offsets need not be written with each commit: to read a second again costs little. */
    private static final Duration OFFSETS = Duration.ofSeconds(1);
    /** Windows that cannot be applied for so long are looked into. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);
    /** Between two looks whether a human has repaired what the destination knows. */
    private static final Duration REPAIR = Duration.ofSeconds(15);

    private final CutPorts ports;
    private final CutLimits limits;
    private final LongSupplier nanoClock;
    private final Partition cutTopic;
    private final List<Rejected> foreign = new ArrayList<>();
    private @Nullable CutSession session;
    private @Nullable WindowAssembly assembly;
    private @Nullable CutProgress progress;
    private @Nullable WindowId staging;
    private boolean stuck;
    private long movedAt;
    private long heardAt;
    private long offsetsAt;
    private long openedAt;
    private long countedAt;
    private boolean countedNone;
    private volatile @Nullable CutState state;

    /** The ports stay the caller's to close. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public CutTask(CutPorts ports, CutLimits limits, LongSupplier nanoClock) {
        this.ports = ports;
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.cutTopic = new Partition(ports.feed().cutTopic(), 0);
        this.countedAt = nanoClock.getAsLong();
    }

    /** How far this consumer is, for any thread; empty while it stands by, or has not begun. */
    public Optional<CutState> state() {
        return Optional.ofNullable(state);
    }

    /** Whether another consumer applies the stream. */
    public boolean standsBy() {
        return session == null;
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        if (session == null && !open()) {
            return 0;
        }
        WindowAssembly windows = ready();
        sendForeign();
        ports.feed().rest(windows.resting(ports.feed().positions().keySet(), stuck));
        List<TopicRecord> records = ports.feed().poll();
        records.forEach(record -> windows.take(record).ifPresent(foreign::add));
        sendForeign();
        heardAt = records.isEmpty() ? heardAt : nanoClock.getAsLong();
        readNew(windows);
        apply(windows);
        stage(windows);
        show(windows);
        lookForTrouble(windows);
        ports.readiness().ready("applying");
        return records.size();
    }

    /** Whether this consumer has the stream's lock. */
    private boolean open() throws OutageException {
        state = null;
        Optional<CutSession> opened = ports.destination().tryOpen();
        if (opened.isEmpty()) {
            ports.readiness().ready("standby: another consumer holds the stream's lock");
            return false;
        }
        session = opened.get();
        ports.metrics().began(session.paused());
        openedAt = nanoClock.getAsLong();
        staging = null;
        CutProgress found = session.progress();
        if (!found.equals(progress) || (assembly != null && assembly.isStaging())) {
            assembly = null;
        }
        progress = found;
        return true;
    }

    /** The windows, with everything that was read and is not applied. */
    private WindowAssembly ready() throws OutageException {
        WindowAssembly known = assembly;
        if (known != null && !ports.feed().mustBeginAgain()) {
            return known;
        }
        assembly = null;
        foreign.clear();
        discardStaged();
        CutProgress from = Objects.requireNonNull(progress, "set with the session");
        ports.feed().begin(from);
        LOG.info("reading from window={} applied={}", from.window(), from.applied());
        WindowAssembly begun = new WindowAssembly(from, cutTopic, limits);
        assembly = begun;
        movedAt = nanoClock.getAsLong();
        heardAt = movedAt;
        return begun;
    }

    private void sendForeign() throws OutageException, InterruptedException {
        if (!foreign.isEmpty()) {
            ports.deadLetters().send(List.copyOf(foreign));
            foreign.clear();
        }
    }

    private void readNew(WindowAssembly windows) throws OutageException {
        Set<Partition> named = new HashSet<>(windows.partitions());
        named.removeAll(ports.feed().positions().keySet());
        if (!named.isEmpty()) {
            LOG.info("reading further partitions={}", named);
            ports.feed().add(named);
        }
    }

    private void apply(WindowAssembly windows) throws OutageException, InterruptedException {
        long begun = nanoClock.getAsLong();
        while (nanoClock.getAsLong() - begun < SIGN_OF_LIFE.toNanos()) {
            List<PendingWindow> next = windows.ready();
            if (next.isEmpty()) {
                return;
            }
            CutProgress after = after(windows, next);
            PendingWindow first = next.get(0);
            if (windows.isLarge(first) && mayStage(first)) {
                stage(windows, first);
                applyStaged(first, after);
            } else {
                List<CutWindow> whole = next.stream()
                        .map(each -> new CutWindow(end(each), each.changes()))
                        .toList();
                CutOutcome outcome = inSession(open -> open.apply(whole, after));
                ports.metrics().applied(whole, outcome);
            }
            progress = after;
            windows.applied(next, after);
            movedAt = nanoClock.getAsLong();
            stuck = false;
        }
    }

    private void applyStaged(PendingWindow window, CutProgress after) throws OutageException, InterruptedException {
        LOG.info("applying window={} changes={}", window.id(), window.staged());
        Map<String, Long> changes = window.stagedByTable();
        Cut cut = end(window);
        CutOutcome outcome = inSession(open -> open.applyStaged(cut, after));
        staging = null;
        ports.metrics().appliedLarge(changes, outcome);
    }

    private static Cut end(PendingWindow window) {
        return Objects.requireNonNull(window.cut(), "complete");
    }

    private CutProgress after(WindowAssembly windows, List<PendingWindow> done) {
        CutProgress before = Objects.requireNonNull(progress, "set with the session");
        Cut last = end(done.get(done.size() - 1));
        Map<Partition, Long> offsets = before.nextOffsets();
        Map<String, String> topicIds = before.topicIds();
        if (nanoClock.getAsLong() - offsetsAt >= OFFSETS.toNanos()) {
            offsetsAt = nanoClock.getAsLong();
            offsets = windows.nextOffsets(ports.feed().positions(), done);
            topicIds = ports.feed().topicIds();
            ports.feed().tell(offsets);
        }
        Snapshot state = last.s2();
        return new CutProgress(last.source(), state, last.window(), last.takenAt(), offsets, topicIds);
    }

    private void stage(WindowAssembly windows) throws OutageException, InterruptedException {
        WindowId staged = staging;
        if (staged != null && !windows.has(staged)) {
            discardStaged();
        }
        Optional<PendingWindow> large = windows.toStage();
        if (large.isPresent() && mayStage(large.get())) {
            stage(windows, large.get());
        }
    }

    /** One at a time: another one is the same changes under another number, or stays in memory. */
    private boolean mayStage(PendingWindow window) {
        return staging == null || staging.equals(window.id());
    }

    private void stage(WindowAssembly windows, PendingWindow window) throws OutageException, InterruptedException {
        if (!window.changes().isEmpty()) {
            List<CutChange> changes = window.changes();
            inSession(open -> {
                open.stage(window.id(), changes);
                return true;
            });
            staging = window.id();
            windows.staged(window);
            movedAt = nanoClock.getAsLong();
            LOG.info("window={} is large: changes waiting in the destination={}", window.id(), window.staged());
        }
    }

    private void discardStaged() throws OutageException {
        if (staging != null && session != null) {
            LOG.info("window={} is not wanted any more: discarding what waits of it in the destination", staging);
            try {
                session.discardStaged();
            } catch (OutageException | RuntimeException failure) {
                closeSession();
                throw failure;
            }
        }
        staging = null;
    }

    private void show(WindowAssembly windows) {
        long changes = 0;
        long staged = 0;
        for (PendingWindow each : windows.pending()) {
            changes += each.changes().size();
            staged += each.staged();
        }
        CutProgress at = Objects.requireNonNull(progress, "set with the session");
        Map<String, Long> behind = ports.feed().behind();
        state = new CutState(
                at.takenAt(),
                session == null ? null : session.brokenSince().orElse(null),
                stuck,
                windows.pending().size(),
                changes,
                staged,
                behind.values().stream().mapToLong(Long::longValue).sum());
        showTables(windows, behind, changes + staged == 0 && behind.isEmpty());
    }

    private void showTables(WindowAssembly windows, Map<String, Long> behind, boolean none) {
        long now = nanoClock.getAsLong();
        boolean due = none ? !countedNone : now - countedAt >= BETWEEN_COUNTS.toNanos();
        if (due) {
            ports.metrics().waiting(windows.waiting(behind));
            countedAt = now;
            countedNone = none;
        }
    }

    private void lookForTrouble(WindowAssembly windows) throws OutageException {
        long now = nanoClock.getAsLong();
        if (windows.strange() == null && !windows.hasEnds() && windows.passedOver() == null) {
            // Nothing waits.
            movedAt = now;
        }
        if (windows.strange() == null && now - movedAt < PATIENCE.toNanos()) {
            stuck = false;
            return;
        }
        Optional<String> trouble = new CutTrouble(windows, ports.feed()).text(now - heardAt >= QUIET.toNanos());
        stuck = trouble.isPresent();
        if (stuck) {
            show(windows);
            if (now - openedAt >= REPAIR.toNanos()) {
                // Somebody may have repaired what the destination knows: the next session sees it.
                closeSession();
            }
            throw OutageException.dataAtRisk(trouble.get());
        }
    }

    private interface Work<T> {
        T in(CutSession session) throws OutageException, InterruptedException;
    }

    /** A session in which something has failed is of no use any more. */
    private <T> T inSession(Work<T> work) throws OutageException, InterruptedException {
        try {
            return work.in(Objects.requireNonNull(session, "open"));
        } catch (OutageException | InterruptedException | RuntimeException failure) {
            closeSession();
            throw failure;
        }
    }

    private void closeSession() {
        CutSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    /** Gives the stream's lock back. */
    @Override
    public void close() {
        closeSession();
    }
}
