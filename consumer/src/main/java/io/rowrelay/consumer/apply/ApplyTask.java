package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies the topic to the destination, a poll at a time.
 *
 * <p>The order of effects keeps the promise that nothing is lost: the changes are committed in the destination, the
 * refused records are acknowledged on the dead-letter topic, then the destination remembers the offsets as finished (in the
 * very transaction of the changes when nothing was refused), and only then are they committed in Kafka. A crash between
 * any two repeats the poll, which is harmless. Not thread-safe.
 */
public final class ApplyTask implements Task {
    /** A destination that is restored while nothing happens would not be noticed before the next record. */
    private static final Duration PROGRESS_CHECK_INTERVAL = Duration.ofSeconds(5);

    private final ChangeStream stream;
    private final RecordReader reader;
    private final ChangeApplier applier;
    private final Progress progress;
    private final DeadLetters deadLetters;
    private final Readiness readiness;
    private final ApplyMetrics metrics;
    private final LongSupplier nanoClock;
    private @Nullable Batch batch;
    private long progressCheckedAt;

    /** The ports stay the caller's to close. Time comes from {@code nanoClock}, in nanoseconds of any origin. */
    @SuppressWarnings("TooManyParameters") // Each is a port of its own.
    public ApplyTask(
            ChangeStream stream,
            RecordReader reader,
            ChangeApplier applier,
            Progress progress,
            DeadLetters deadLetters,
            Readiness readiness,
            ApplyMetrics metrics,
            LongSupplier nanoClock) {
        this.stream = stream;
        this.reader = reader;
        this.applier = applier;
        this.progress = progress;
        this.deadLetters = deadLetters;
        this.readiness = readiness;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.progressCheckedAt = nanoClock.getAsLong();
    }

    @Override
    public int step() throws TransientFailureException, InterruptedException {
        Batch current = batch;
        if (current != null) {
            current.retain(stream.keepAlive());
        } else {
            current = next();
            batch = current;
        }
        try {
            finish(current);
        } catch (DestinationBehindException restored) {
            batch = null;
            stream.unsettle();
            throw restored;
        }
        batch = null;
        if (stream.isMember()) {
            readiness.ready("applying");
        } else {
            readiness.notReady("joining the consumer group");
        }
        return current.size();
    }

    private Batch next() throws TransientFailureException {
        List<String> keyColumns = prepare();
        Poll poll = stream.poll();
        metrics.polled(stream.lag());
        return new Batch(
                poll.records().stream()
                        .map(record -> reader.read(record, keyColumns))
                        .toList(),
                poll.stretches());
    }

    private List<String> prepare() throws TransientFailureException {
        try {
            List<String> keyColumns = applier.keyColumns();
            checkProgressWhenDue();
            settle();
            return keyColumns;
        } catch (TransientFailureException failure) {
            stream.keepAlive();
            throw failure;
        }
    }

    private void settle() throws TransientFailureException {
        List<PartitionFacts> unsettled = stream.unsettled();
        if (unsettled.isEmpty()) {
            return;
        }
        Map<Integer, PartitionProgress> stored = progress.load();
        List<Beginning> beginnings = unsettled.stream()
                .map(facts -> Beginning.of(facts, Optional.ofNullable(stored.get(facts.partition()))))
                .toList();
        progress.correct(beginnings.stream()
                .map(Beginning::correction)
                .flatMap(Optional::stream)
                .toList());
        stream.begin(beginnings);
        beginnings.forEach(BeginningReport::tell);
        metrics.lost(beginnings.stream().mapToLong(Beginning::lost).sum());
    }

    private void checkProgressWhenDue() throws TransientFailureException {
        if (nanoClock.getAsLong() - progressCheckedAt < PROGRESS_CHECK_INTERVAL.toNanos()) {
            return;
        }
        Map<Integer, PartitionProgress> stored = progress.load();
        boolean behind = stream.polled().stream().anyMatch(place -> {
            PartitionProgress known = stored.get(place.partition());
            return known == null || !known.covers(place);
        });
        if (behind) {
            stream.unsettle();
        }
        progressCheckedAt = nanoClock.getAsLong();
    }

    private void finish(Batch current) throws TransientFailureException, InterruptedException {
        if (current.stretches().isEmpty()) {
            return;
        }
        if (!current.isApplied()) {
            // What is refused already has to become a dead letter before its offset counts as finished.
            boolean together = current.rejected().isEmpty() && !current.events().isEmpty();
            ChangeApplier.Applied outcome = applier.apply(current.events(), together ? current.stretches() : List.of());
            metrics.applied(current.events(), outcome);
            current.applied(outcome, together && outcome.rejected().isEmpty());
        }
        List<Rejected> rejected = current.rejected();
        if (!rejected.isEmpty() && !current.isDeadLettered()) {
            deadLetters.send(rejected);
            metrics.deadLettered(rejected);
            current.deadLettered();
        }
        if (!current.isRemembered()) {
            progress.advance(current.stretches());
        }
        stream.commit();
    }
}
