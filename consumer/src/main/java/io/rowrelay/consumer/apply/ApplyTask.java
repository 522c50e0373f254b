package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies the topic to the destination, a poll at a time.
 *
 * <p>The order of effects keeps the promise that nothing is lost: the changes are committed in the destination, the
 * refused records are acknowledged on the dead-letter topic, then the destination remembers the offsets as finished (in the
 * very transaction of the changes when nothing was refused), and only then are they committed in Kafka. A crash between
 * any two repeats the poll, which is harmless. When nearly everything is refused neither the dead letters nor the offsets
 * come to pass: {@link RefusalBreaker} holds the batch back. Not thread-safe.
 */
public final class ApplyTask implements Task {
    private final ApplyPorts ports;
    private final Intake intake;
    private final RefusalBreaker breaker;
    private @Nullable Batch batch;

    /** The ports stay the caller's to close. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    public ApplyTask(ApplyPorts ports, RefusalBreaker breaker, LongSupplier nanoClock) {
        this.ports = ports;
        this.intake = new Intake(ports, nanoClock);
        this.breaker = breaker;
    }

    @Override
    public int step() throws TransientFailureException, InterruptedException {
        Batch current = batch;
        if (current != null) {
            current.retain(ports.stream().keepAlive());
            current = breaker.isOpen() ? judgedAnew(current) : current;
        } else {
            current = intake.next();
        }
        batch = current;
        try {
            finish(current);
        } catch (DestinationBehindException restored) {
            batch = null;
            ports.stream().unsettle();
            throw restored;
        }
        batch = null;
        if (ports.stream().isMember()) {
            ports.readiness().ready("applying");
        } else {
            ports.readiness().notReady("joining the consumer group");
        }
        return current.size();
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
            ports.progress().advance(current.stretches());
        }
        ports.stream().commit();
    }

    /** What is refused already has to become a dead letter before its offset counts as finished. */
    private void apply(Batch current) throws TransientFailureException {
        boolean together = current.rejected().isEmpty() && !current.events().isEmpty();
        ChangeApplier.Applied outcome =
                ports.applier().apply(current.events(), together ? current.stretches() : List.of());
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
