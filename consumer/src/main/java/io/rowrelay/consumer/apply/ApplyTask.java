package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Applies the topic to the destination, a poll at a time.
 *
 * <p>The order of effects keeps the promise that nothing is lost: the changes are committed in the destination, the
 * refused records are acknowledged on the dead-letter topic, then the destination remembers the offsets as finished (in the
 * very transaction of the changes when nothing was refused), and only then are they committed in Kafka. A crash between
 * any two repeats the poll, which is harmless. A large poll is finished in several batches, each in this order but for the
 * offsets, which Kafka is told at its end. When nearly everything is refused neither the dead letters nor the offsets
 * come to pass: {@link RefusalBreaker} holds the batch back. Not thread-safe.
 */
public final class ApplyTask implements Task {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    private final ApplyPorts ports;
    private final Intake intake;
    private final RefusalBreaker breaker;
    private final LongSupplier nanoClock;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private boolean moved;

    /** The ports and the judges stay the caller's to close. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public ApplyTask(ApplyPorts ports, RefusalBreaker breaker, Executor judges, LongSupplier nanoClock) {
        this.ports = ports;
        this.intake = new Intake(ports, judges, nanoClock);
        this.breaker = breaker;
        this.nanoClock = nanoClock;
    }

    @Override
    public int step() throws TransientFailureException, InterruptedException {
        takeIn();
        int done;
        try {
            done = finishInTime();
        } catch (DestinationBehindException restored) {
            batches.clear();
            ports.stream().unsettle();
            throw restored;
        }
        if (batches.isEmpty() && moved) {
            ports.stream().commit();
            moved = false;
        }
        if (ports.stream().isMember()) {
            ports.readiness().ready("applying");
        } else {
            ports.readiness().notReady("joining the consumer group");
        }
        return done;
    }

    private void takeIn() throws TransientFailureException {
        if (batches.isEmpty()) {
            batches.addAll(intake.next());
            moved = false;
            return;
        }
        ChangeStream.Ownership ownership = ports.stream().keepAlive();
        batches.forEach(batch -> batch.retain(ownership));
        if (breaker.isOpen()) {
            // Out of its place only when it has been judged: until then it is kept as it is.
            Batch judged = judgedAnew(batches.element());
            batches.remove();
            batches.addFirst(judged);
        }
    }

    /** Batch after batch, but not for longer than the group may go without a sign of life. */
    private int finishInTime() throws TransientFailureException, InterruptedException {
        long begun = nanoClock.getAsLong();
        int done = 0;
        for (Batch batch = batches.peek(); batch != null; batch = batches.peek()) {
            finish(batch);
            batches.remove();
            moved |= !batch.stretches().isEmpty();
            done += batch.size();
            if (nanoClock.getAsLong() - begun >= SIGN_OF_LIFE.toNanos()) {
                break;
            }
        }
        return done;
    }

    /** A batch that is held back passes when schema or destination have been mended. */
    private Batch judgedAnew(Batch held) throws TransientFailureException {
        if (held.size() == 0) {
            breaker.release();
            return held;
        }
        breaker.awaitNextJudgement();
        return intake.again(held);
    }

    private void finish(Batch current) throws TransientFailureException, InterruptedException {
        if (current.stretches().isEmpty()) {
            return;
        }
        if (!current.isApplied()) {
            apply(current);
        }
        List<Rejected> rejected = current.rejected();
        admit(current, rejected);
        if (!rejected.isEmpty() && !current.isDeadLettered()) {
            ports.deadLetters().send(rejected);
            ports.metrics().deadLettered(rejected);
            current.deadLettered();
        }
        if (!current.isRemembered()) {
            ports.progress().advance(current.stretches(), current.mark());
        }
    }

    /** What is refused already has to become a dead letter before its offset counts as finished. */
    private void apply(Batch current) throws TransientFailureException {
        boolean together = current.rejected().isEmpty() && !current.events().isEmpty();
        ChangeApplier.Applied outcome = ports.applier().apply(current.events(), current.stretches(), together);
        ports.metrics().applied(current.events(), outcome);
        current.applied(outcome, together && outcome.rejected().isEmpty());
    }

    /** Once, however often the dead letters have to be sent. */
    private void admit(Batch current, List<Rejected> rejected) throws TransientFailureException {
        if (!current.isAdmitted()) {
            try {
                breaker.admit(current.size(), rejected);
                current.admitted();
            } finally {
                ports.metrics().refusing(breaker.isOpen());
            }
        }
    }
}
