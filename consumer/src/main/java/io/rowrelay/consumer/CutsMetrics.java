package io.rowrelay.consumer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.consumer.apply.DeadLetters;
import io.rowrelay.consumer.cut.CutChange;
import io.rowrelay.consumer.cut.CutMetrics;
import io.rowrelay.consumer.cut.CutOutcome;
import io.rowrelay.consumer.cut.CutState;
import io.rowrelay.consumer.cut.CutTask;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.stream.record.EnvelopeHead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The numbers of a consumer that applies cuts. */
final class CutsMetrics implements CutMetrics {
    private static final int MOST_TIMED = 100;
    private static final double MILLIS = 1000.0;
    /** So that clocks which differ do not make a broken cut look whole. */
    private static final double SHORTEST_SECONDS = 0.001;

    private final ConsumerMetrics metrics;
    private final AppliedTables tables;
    private final Clock clock;

    /** Counts with the numbers that every consumer has, and with those of each table. */
    CutsMetrics(ConsumerMetrics metrics, AppliedTables tables, Clock clock) {
        this.metrics = metrics;
        this.tables = tables;
        this.clock = clock;
    }

    /** Takes up how far the consumer is. */
    void show(MeterRegistry registry, CutTask task) {
        tables.show(() -> task.state().isPresent());
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
                "rowrelay.cut.broken.seconds",
                "How long the destination has been no state of the source, because changes were rejected or left out; 0 while it is one",
                this::brokenFor);
        gauge(
                registry,
                task,
                "rowrelay.windows.missing",
                "1 while the consumer waits because windows that must follow are missing",
                state -> state.stuck() ? 1 : 0);
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
        return applied == null ? Double.NaN : Math.max(0, secondsSince(applied));
    }

    private double brokenFor(CutState state) {
        Instant broken = state.brokenSince();
        return broken == null ? 0 : Math.max(SHORTEST_SECONDS, secondsSince(broken));
    }

    private double secondsSince(Instant then) {
        return Duration.between(then, clock.instant()).toMillis() / MILLIS;
    }

    @Override
    public void began(Set<String> paused) {
        tables.paused(paused);
    }

    @Override
    public void applied(List<CutWindow> windows, CutOutcome outcome) {
        int changes = 0;
        Map<String, Long> byTable = new HashMap<>();
        for (CutWindow window : windows) {
            changes += window.changes().size();
            CutChange.countByTable(window.changes(), byTable);
        }
        tables.applied(byTable);
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
    public void appliedLarge(Map<String, Long> changes, CutOutcome outcome) {
        tables.applied(changes);
        long sum = changes.values().stream().mapToLong(Long::longValue).sum();
        metrics.applied(List.of(), (int) Math.min(sum, Integer.MAX_VALUE), outcome.applied(), outcome.superseded());
    }

    @Override
    public void waiting(Map<String, Long> changes) {
        tables.waiting(changes);
    }

    /** The same dead letters, counted. */
    DeadLetters counting(DeadLetters letters) {
        return rejected -> {
            letters.send(rejected);
            metrics.deadLettered(rejected);
            tables.deadLettered(rejected);
        };
    }
}
