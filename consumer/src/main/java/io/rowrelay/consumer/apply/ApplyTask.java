package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies the topic to the destination, a poll at a time.
 *
 * <p>The order of effects keeps the promise that nothing is lost: the changes are committed in the destination, the
 * refused records are acknowledged on the dead-letter topic, and only then are the offsets committed. A crash between any
 * two repeats the poll, which is harmless. When nearly everything is refused neither the dead letters nor the offsets come
 * to pass: {@link RefusalBreaker} holds the batch back. Not thread-safe.
 */
public final class ApplyTask implements Task {
    private final ChangeStream stream;
    private final RecordReader reader;
    private final ChangeApplier applier;
    private final RefusalBreaker breaker;
    private final DeadLetters deadLetters;
    private final Readiness readiness;
    private final ApplyMetrics metrics;
    private @Nullable Batch batch;

    /** The ports stay the caller's to close. */
    public ApplyTask(
            ChangeStream stream,
            RecordReader reader,
            ChangeApplier applier,
            RefusalBreaker breaker,
            DeadLetters deadLetters,
            Readiness readiness,
            ApplyMetrics metrics) {
        this.stream = stream;
        this.reader = reader;
        this.applier = applier;
        this.breaker = breaker;
        this.deadLetters = deadLetters;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    @Override
    public int step() throws TransientFailureException, InterruptedException {
        Batch current = batch;
        if (current != null) {
            current.retain(stream.keepAlive());
            current = breaker.isOpen() ? judgedAnew(current) : current;
            batch = current;
        } else {
            current = next();
            batch = current;
        }
        finish(current);
        batch = null;
        if (stream.isMember()) {
            readiness.ready("applying");
        } else {
            readiness.notReady("joining the consumer group");
        }
        return current.size();
    }

    private Batch next() throws TransientFailureException {
        List<String> keyColumns = keyColumns();
        List<TopicRecord> records = stream.poll();
        metrics.polled(stream.lag());
        return new Batch(records, reader, keyColumns);
    }

    /** A batch that is held back passes when schema or destination have been mended. */
    private Batch judgedAnew(Batch held) throws TransientFailureException {
        if (held.size() == 0) {
            breaker.release();
            return held;
        }
        breaker.awaitNextJudgement();
        return held.again(reader, keyColumns());
    }

    private List<String> keyColumns() throws TransientFailureException {
        try {
            return applier.keyColumns();
        } catch (TransientFailureException failure) {
            stream.keepAlive();
            throw failure;
        }
    }

    private void finish(Batch current) throws TransientFailureException, InterruptedException {
        if (current.size() == 0) {
            return;
        }
        if (!current.isApplied()) {
            ChangeApplier.Applied outcome = applier.apply(current.events());
            metrics.applied(current.events(), outcome);
            current.applied(outcome);
        }
        List<Rejected> rejected = current.rejected();
        admit(current, rejected);
        if (!rejected.isEmpty()) {
            deadLetters.send(rejected);
            metrics.deadLettered(rejected);
        }
        stream.commit();
    }

    /** Once, however often the dead letters have to be sent. */
    private void admit(Batch current, List<Rejected> rejected) throws TransientFailureException {
        if (!current.isAdmitted()) {
            try {
                breaker.admit(current.size(), rejected);
                current.admitted();
            } finally {
                metrics.refusing(breaker.isOpen());
            }
        }
    }
}
