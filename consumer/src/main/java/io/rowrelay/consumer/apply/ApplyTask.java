package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.progress.DestinationBehindException;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.Rejected;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Applies the topic to the destination, a poll at a time.
 *
 * <p>The order of effects keeps the promise that nothing is lost: the changes are committed in the destination, the
 * rejected records are acknowledged on the dead-letter topic, then the destination remembers the offsets as finished (in the
 * very transaction of the changes when nothing was rejected), and only then are they committed in Kafka. A crash between
 * any two repeats the poll, which is harmless. A large poll is finished in several batches, each in this order but for the
 * offsets, which are committed to Kafka at its end. When nearly everything is rejected neither the dead letters nor the offsets
 * come to pass: {@link RejectionBreaker} holds the batch back. A batch with changes that wait for another row is kept open and takes
 * in what comes next, see {@link ReferenceWait}. Not thread-safe.
 */
public final class ApplyTask implements Task {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);
    /** Between two attempts of changes that wait for another row, where nothing else comes with them. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final ApplyPorts ports;
    private final Intake intake;
    private final RejectionBreaker breaker;
    private final ReferenceWait references;
    private final HeldPartitions held;
    private final LongSupplier nanoClock;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private boolean moved;

    /** The ports and the thread of validation stay the caller's to close. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public ApplyTask(
            ApplyPorts ports,
            RejectionBreaker breaker,
            ReferenceWait references,
            Executor validation,
            LongSupplier nanoClock) {
        this.ports = ports;
        this.held = new HeldPartitions(ports.stream());
        this.intake = new Intake(ports, held, validation, nanoClock);
        this.breaker = breaker;
        this.references = references;
        this.nanoClock = nanoClock;
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        int done;
        try {
            takeIn();
            done = finishInTime();
        } catch (DestinationBehindException restored) {
            batches.clear();
            references.begin();
            ports.stream().unsettle();
            throw restored;
        } catch (OutageException outage) {
            references.outage();
            throw outage;
        }
        if (batches.isEmpty() && moved) {
            ports.stream().commit();
            moved = false;
        }
        Optional<String> waiting = held.reason();
        if (waiting.isPresent()) {
            ports.readiness().notReady(waiting.get());
        } else if (ports.stream().isMember()) {
            ports.readiness().ready(applying());
        } else {
            ports.readiness().notReady("joining the consumer group");
        }
        return done;
    }

    /** What the daemon is at, and what makes its work vain. */
    private String applying() {
        List<String> hazards = ports.applier().hazards();
        String applying =
                references.isWaiting() ? "applying; some changes wait for the rows that they refer to" : "applying";
        return hazards.isEmpty() ? applying : applying + ", but " + String.join("; ", hazards);
    }

    private void takeIn() throws OutageException, InterruptedException {
        if (batches.isEmpty()) {
            batches.addAll(intake.next());
            moved = false;
            return;
        }
        if (batches.size() == 1 && references.readsOn(batches.element())) {
            readOn();
            return;
        }
        if (references.isWaiting()) {
            Thread.sleep(RETRY.toMillis());
        }
        ChangeStream.Ownership ownership = ports.stream().keepAlive();
        batches.forEach(batch -> batch.retain(ownership));
        if (breaker.isOpen()) {
            // Replaced only when it has been validated: until then it is kept as it is.
            Batch again = validatedAgain(batches.element());
            batches.remove();
            batches.addFirst(again);
        }
    }

    /** Reads on. Partitions that have left, before or with this poll, are dropped: another consumer finishes them, or they begin again. */
    private void readOn() throws OutageException {
        retainPolled();
        List<Batch> more = intake.further();
        retainPolled();
        batches.addAll(more);
        joinNext();
    }

    private void retainPolled() {
        batches.element().retain(ports.stream().polled().keySet()::contains);
    }

    /** The batch that is kept open, and the one behind it, as one. */
    private void joinNext() {
        Batch open = batches.remove();
        batches.addFirst(open.joined(batches.remove()));
    }

    /** Batch after batch, but not for longer than the group may go without a sign of life. */
    private int finishInTime() throws OutageException, InterruptedException {
        long begun = nanoClock.getAsLong();
        int done = 0;
        for (Batch batch = batches.peek(); batch != null; batch = batches.peek()) {
            if (batch.isValidatedByAnotherKey(ports.applier()::keysNow)) {
                batches.remove();
                batches.addFirst(intake.again(batch));
            } else if (finish(batch)) {
                batches.remove();
                moved |= !batch.ranges().isEmpty();
                done += batch.size();
            } else if (batches.size() > 1) {
                joinNext();
            } else {
                break;
            }
            if (nanoClock.getAsLong() - begun >= SIGN_OF_LIFE.toNanos()) {
                break;
            }
        }
        return done;
    }

    /** A batch that is held back passes when schema or destination have been repaired. */
    private Batch validatedAgain(Batch held) throws OutageException {
        if (held.size() == 0) {
            breaker.release();
            return held;
        }
        breaker.awaitNextTrial();
        return intake.again(held);
    }

    /** Whether it is done; else changes of it are still to be tried again. */
    private boolean finish(Batch current) throws OutageException, InterruptedException {
        if (current.ranges().isEmpty()) {
            references.begin();
            return true;
        }
        try {
            current.requireTables();
            if (!current.isApplied() && !apply(current)) {
                return false;
            }
        } catch (UnfitChangesException unfit) {
            holdBack(unfit);
            return finish(current);
        }
        List<Rejected> rejected = current.rejected();
        admit(current, rejected);
        if (!rejected.isEmpty() && !current.isDeadLettered()) {
            ports.deadLetters().send(rejected);
            ports.metrics().deadLettered(rejected);
            current.deadLettered();
        }
        if (!current.isRemembered()) {
            ports.progress().advance(current.ranges(), current.stamp());
        }
        held.finished(current.ranges());
        return true;
    }

    /** A change that the table cannot take is no reason to stop what does not depend on it: only the order within a partition counts. */
    private void holdBack(UnfitChangesException unfit) {
        Map<Partition, Long> offsets = held.holdUnfit(unfit.changes());
        batches.forEach(batch -> batch.cut(offsets));
    }

    /** Whether it is; else changes of it are to be tried again. */
    private boolean apply(Batch current) throws OutageException {
        if (!current.hasWaited()) {
            references.begin();
        } else if (waits(current, tryAgain(current))) {
            return false;
        }
        // A rejected record becomes a dead letter before its offset counts as finished.
        boolean together = current.rejected().isEmpty() && !current.changes().isEmpty();
        // After a wait as a whole: a crash of the destination may have undone what was taken before.
        Applied outcome = ports.applier().apply(current.changes(), current.ranges(), together);
        if (!current.hasWaited()) {
            ports.metrics().applied(current.changes(), outcome);
        }
        if (waits(current, outcome)) {
            return false;
        }
        current.applied(outcome, together && outcome.rejected().isEmpty());
        return true;
    }

    private Applied tryAgain(Batch current) throws OutageException {
        Applied outcome = ports.applier().apply(current.waiting(), current.ranges(), false);
        ports.metrics().applied(current.waiting(), outcome);
        return outcome;
    }

    /** While the breaker holds a batch back, nothing is taken in that it could wait for. */
    private boolean waits(Batch current, Applied outcome) {
        boolean waits = references.goesOn(!outcome.waiting().isEmpty() && !breaker.isOpen());
        if (waits) {
            current.waitsFor(outcome.waiting());
        }
        return waits;
    }

    /** Once, however often the dead letters have to be sent. */
    private void admit(Batch current, List<Rejected> rejected) throws OutageException {
        if (!current.isAdmitted()) {
            try {
                breaker.admit(current.size(), rejected);
                current.admitted();
            } finally {
                ports.metrics().holdingBack(breaker.isOpen());
            }
        }
    }
}
