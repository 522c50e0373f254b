package io.rowrelay.consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.rowrelay.common.http.Metrics;
import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.consumer.apply.ApplyMetrics;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.ValidChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer's numbers, and a summary of them in the log once a minute while changes flow. */
final class ConsumerMetrics implements ApplyMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerMetrics.class);
    private static final Duration SUMMARY_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LATELY = Duration.ofSeconds(3);
    private static final int MOST_TIMED = 100;
    private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

    private final Tags table;
    private final Clock clock;
    private final Counter applied;
    private final Counter superseded;
    private final Map<RejectionReason, Counter> deadLettered = new EnumMap<>(RejectionReason.class);
    private final Counter lost;
    private final Counter cut;
    private final Counter outages;
    private final Counter removed;
    private final DistributionSummary batches;
    private final Timer latency;
    private volatile boolean heldBack;
    private final AgingNumber lastApplied;
    private DoubleSupplier lag = () -> Double.NaN;
    private DoubleSupplier openLetters = () -> Double.NaN;
    private Instant summaryDue;
    private double appliedAtSummary;

    /**
     * Time comes from {@code nanoClock} too, in nanoseconds of any origin.
     *
     * @param table tags that tell the numbers of one table from those of another; none where there is one table
     */
    ConsumerMetrics(MeterRegistry registry, Tags table, Clock clock, LongSupplier nanoClock) {
        this.table = table;
        this.clock = clock;
        this.lastApplied = new AgingNumber(LATELY, nanoClock);
        this.latency = Metrics.latency(
                registry,
                "rowrelay.latency.applied",
                "Time from a change to its commit in the destination; large batches are sampled",
                table);
        this.summaryDue = clock.instant().plus(SUMMARY_INTERVAL);
        applied = counter(registry, "rowrelay.changes.applied", "Changes that took effect in the destination");
        superseded = counter(
                registry,
                "rowrelay.changes.superseded",
                "Changes without effect: the destination already had the same change or a newer one");
        lost = counter(
                registry, "rowrelay.records.lost", "Records that the topic dropped before the consumer read them");
        cut = counter(
                registry,
                "rowrelay.partitions.cut",
                "Times that a partition no longer held records that the destination had applied");
        outages = counter(registry, "rowrelay.outages", "Times that the daemon began to wait for a dependency");
        for (RejectionReason reason : RejectionReason.values()) {
            if (reason.isOfRecords()) {
                deadLettered.put(
                        reason,
                        Counter.builder("rowrelay.records.deadlettered")
                                .description("Records moved to the dead-letter topic")
                                .tags(table)
                                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
        }
        removed = counter(registry, "rowrelay.tombstones.removed", "Tombstones removed after TOMBSTONE_RETENTION");
        batches = Metrics.sizes(registry, "rowrelay.batch.changes", "Changes in a batch", table);
        Gauge.builder("rowrelay.refusing", this, metrics -> metrics.heldBack ? 1 : 0)
                .description("1 while the consumer has stopped because it rejected nearly every record")
                .tags(table)
                .register(registry);
    }

    /** Takes up how far applying is behind, as it is measured beside the loop. */
    void showLag(MeterRegistry registry, DoubleSupplier changes, DoubleSupplier seconds) {
        lag = changes;
        Gauge.builder("rowrelay.lag.changes", changes::getAsDouble)
                .description(
                        "Records of this consumer's partitions that are not applied yet, or of the whole topic while it is not in its group")
                .tags(table)
                .register(registry);
        Gauge.builder("rowrelay.lag.seconds", seconds::getAsDouble)
                .description("Age of the oldest record that is not applied yet")
                .tags(table)
                .register(registry);
    }

    /** Takes up how many dead letters are open, as they are counted beside the loop. */
    void showDeadLetters(MeterRegistry registry, DoubleSupplier open, DoubleSupplier lost) {
        openLetters = open;
        Gauge.builder("rowrelay.dead.letters.open", open::getAsDouble)
                .description("Dead letters of the stream that are neither replayed nor discarded, counted every 10 s")
                .tags(table)
                .register(registry);
        Gauge.builder("rowrelay.dead.letters.lost", lost::getAsDouble)
                .description("Dead letters that the topic dropped while they were open")
                .tags(table)
                .register(registry);
    }

    /** Takes up how many partitions other members withhold, as it is measured beside the loop. */
    void showWithheld(MeterRegistry registry, DoubleSupplier partitions) {
        Gauge.builder("rowrelay.partitions.withheld", partitions::getAsDouble)
                .description(
                        "Partitions of other members of the consumer group without progress for 2 minutes (or REFERENCE_WAIT and 30 s) while records wait, measured every 30 s")
                .tags(table)
                .register(registry);
    }

    /** When the oldest change of the last batch was made; empty where none was applied for some seconds. */
    Optional<Instant> appliedLately() {
        double changedAt = lastApplied.get();
        return Double.isNaN(changedAt) ? Optional.empty() : Optional.of(Instant.ofEpochMilli((long) changedAt));
    }

    private Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).tags(table).register(registry);
    }

    @Override
    public void applied(List<ValidChange> changes, Applied outcome) {
        List<Instant> times = new ArrayList<>(Math.min(changes.size(), 2 * MOST_TIMED));
        // A large batch is sampled: reading every time would cost more than the figure is worth.
        int step = Math.max(1, changes.size() / MOST_TIMED);
        for (int i = 0; i < changes.size(); i += step) {
            Instant changedAt = changes.get(i).changedAt();
            if (changedAt != null) {
                times.add(changedAt);
            }
        }
        applied(times, changes.size(), outcome.applied(), outcome.superseded());
    }

    /**
     * Changes were committed together.
     *
     * @param times when some of them were made
     * @param changes how many there were
     * @param effective how many of them took effect
     * @param withoutEffect how many the destination had already
     */
    void applied(List<Instant> times, int changes, long effective, long withoutEffect) {
        Instant now = clock.instant();
        Instant oldest = Instant.MAX;
        for (Instant changedAt : times) {
            if (isPlausible(changedAt, now)) {
                Duration age = Duration.between(changedAt, now);
                // Clocks that differ must not make up a latency.
                latency.record(age.isNegative() ? Duration.ZERO : age);
                oldest = changedAt.isBefore(oldest) ? changedAt : oldest;
            }
        }
        lastApplied.set(oldest.equals(Instant.MAX) ? Double.NaN : oldest.toEpochMilli());
        batches.record(changes);
        applied.increment((double) effective);
        superseded.increment((double) withoutEffect);
        summarise(now);
    }

    /** Records say what they like, and a time beyond all clocks cannot be counted in nanoseconds. */
    private static boolean isPlausible(Instant changedAt, Instant now) {
        return changedAt.isAfter(now.minus(LONGEST_AGE)) && changedAt.isBefore(now.plus(LONGEST_AGE));
    }

    @Override
    public void deadLettered(List<Rejected> rejected) {
        for (Rejected rejection : rejected) {
            Counter counter = deadLettered.get(rejection.reason());
            if (counter != null) {
                counter.increment();
            }
        }
    }

    @Override
    public void holdingBack(boolean stopped) {
        heldBack = stopped;
    }

    @Override
    public void lost(long records) {
        lost.increment((double) records);
    }

    @Override
    public void cut(int partitions) {
        cut.increment(partitions);
    }

    void countRemoved(int tombstones) {
        removed.increment(tombstones);
    }

    void countOutage() {
        outages.increment();
    }

    private static String known(DoubleSupplier number) {
        double value = number.getAsDouble();
        return Double.isNaN(value) ? "unknown" : Long.toString((long) value);
    }

    private void summarise(Instant now) {
        if (now.isBefore(summaryDue)) {
            return;
        }
        LOG.info(
                "applied={} in the last minute, total={} superseded={} dead-lettered={} open dead letters={} waiting={}",
                (long) (applied.count() - appliedAtSummary),
                (long) applied.count(),
                (long) superseded.count(),
                (long) deadLettered.values().stream()
                        .mapToDouble(Counter::count)
                        .sum(),
                known(openLetters),
                known(lag));
        appliedAtSummary = applied.count();
        summaryDue = now.plus(SUMMARY_INTERVAL);
    }
}
