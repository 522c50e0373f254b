package io.rowrelay.consumer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.consumer.cut.CutMetrics;
import io.rowrelay.consumer.cut.CutOutcome;
import io.rowrelay.consumer.cut.CutState;
import io.rowrelay.consumer.cut.CutTask;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.stream.record.EnvelopeHead;
import io.rowrelay.stream.record.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The numbers of a consumer that applies cuts. */
final class CutsMetrics implements CutMetrics {
    private static final int MOST_TIMED = 100;
    private static final double MILLIS = 1000.0;

    private final ConsumerMetrics metrics;
    private final Clock clock;

    /** Counts with the numbers that every consumer has. */
    CutsMetrics(ConsumerMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Takes up how far the consumer is. */
    void show(MeterRegistry registry, CutTask task) {
        metrics.showLag(
                registry,
                () -> number(task, CutState::waiting),
                () -> number(task, state -> state.waiting() == 0 ? 0 : age(state)));
        gauge(
                registry,
                task,
                "rowrelay.cut.age.seconds",
                "Age of the state of the source that the destination shows",
                this::age);
        gauge(
                registry,
                task,
                "rowrelay.windows.waiting",
                "Windows of which something has come and which are not applied",
                CutState::windows);
        gauge(registry, task, "rowrelay.changes.waiting", "Changes of such windows in memory", CutState::changes);
        gauge(
                registry,
                task,
                "rowrelay.changes.staged",
                "Changes of a large window that wait in the destination for its end",
                CutState::staged);
    }

    private static void gauge(
            MeterRegistry registry, CutTask task, String name, String description, ToDoubleFunction<CutState> number) {
        Gauge.builder(name, task, shown -> number(shown, number))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private static double number(CutTask task, ToDoubleFunction<CutState> number) {
        return task.state().map(number::applyAsDouble).orElse(Double.NaN);
    }

    private double age(CutState state) {
        Instant applied = state.appliedAt();
        return applied == null
                ? Double.NaN
                : Math.max(0, Duration.between(applied, clock.instant()).toMillis() / MILLIS);
    }

    @Override
    public void applied(List<CutWindow> windows, CutOutcome outcome) {
        int changes = 0;
        for (CutWindow window : windows) {
            changes += window.changes().size();
        }
        metrics.applied(times(windows, changes), changes, outcome.applied(), outcome.superseded());
    }

    /** The changes of some. */
    private static List<Instant> times(List<CutWindow> windows, int changes) {
        int step = Math.max(1, changes / MOST_TIMED);
        List<Instant> times = new ArrayList<>();
        int next = 0;
        for (CutWindow window : windows) {
            for (; next < window.changes().size(); next += step) {
                byte[] value = window.changes().get(next).record().value();
                if (value != null) {
                    EnvelopeHead.parse(Arrays.copyOf(value, Math.min(value.length, EnvelopeHead.LONGEST_BYTES)))
                            .ifPresent(
                                    head -> times.add(Instant.EPOCH.plus(head.changedAtMicros(), ChronoUnit.MICROS)));
                }
            }
            next -= window.changes().size();
        }
        return times;
    }

    @Override
    public void foreign(List<Rejected> rejected) {
        metrics.deadLettered(rejected);
    }
}
