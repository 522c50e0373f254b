package io.rowrelay.producer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rowrelay.common.http.Metrics;
import io.rowrelay.common.runtime.AgingNumber;
import io.rowrelay.producer.capture.CaptureMetrics;
import io.rowrelay.producer.capture.Change;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer's numbers, and a summary of them in the log once a minute while changes flow. */
final class ProducerMetrics implements CaptureMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerMetrics.class);
    private static final Duration SUMMARY_INTERVAL = Duration.ofMinutes(1);
    /** An active producer asks twice a second. */
    private static final Duration PAUSE_LIMIT = Duration.ofSeconds(15);

    private final Clock clock;
    private final Counter captured;
    private final Counter published;
    private final Counter oversized;
    private final Counter outages;
    private final Counter topicLost;
    private final Counter topicLossIncomplete;
    private final Counter removed;
    private final DistributionSummary pages;
    private final Timer latency;
    private final PublishingLag lag;
    private final PublishedTables tables;
    private final AgingNumber paused;
    private Instant summaryDue;
    private double publishedAtSummary;

    /** What the loop reports about the lag and the tables goes to {@code lag} and {@code tables}. Time comes from {@code nanoClock} too, in nanoseconds of any origin. */
    ProducerMetrics(
            MeterRegistry registry, Clock clock, LongSupplier nanoClock, PublishingLag lag, PublishedTables tables) {
        this.clock = clock;
        this.lag = lag;
        this.tables = tables;
        this.paused = new AgingNumber(PAUSE_LIMIT, nanoClock);
        this.latency = Metrics.latency(
                registry, "rowrelay.latency.published", "Time from a change to its acknowledgement by Kafka");
        this.summaryDue = clock.instant().plus(SUMMARY_INTERVAL);
        captured = Counter.builder("rowrelay.changes.captured")
                .description("Changes read from the change table")
                .register(registry);
        published = Counter.builder("rowrelay.changes.published")
                .description("Changes acknowledged by Kafka")
                .register(registry);
        oversized = Counter.builder("rowrelay.changes.oversized")
                .description(
                        "Changes too large for the broker or not printable; a reference went to the dead-letter topic")
                .register(registry);
        outages = Counter.builder("rowrelay.outages")
                .description("Times that the daemon began to wait for a dependency")
                .register(registry);
        topicLost = Counter.builder("rowrelay.topic.records.lost")
                .description("Acknowledged records that the topic lost, at most; their changes are published again")
                .register(registry);
        topicLossIncomplete = Counter.builder("rowrelay.topic.losses.incomplete")
                .description("Times that the change table no longer had all changes that the topic lost")
                .register(registry);
        removed = Counter.builder("rowrelay.changes.removed")
                .description("Published changes removed from the change table after RETENTION")
                .register(registry);
        pages = Metrics.sizes(registry, "rowrelay.page.changes", "Changes in a page");
        Gauge.builder("rowrelay.lag.changes", lag, PublishingLag::changes)
                .description("Changes that wait to be published or acknowledged")
                .strongReference(true)
                .register(registry);
        Gauge.builder("rowrelay.lag.seconds", lag, PublishingLag::seconds)
                .description("Age of the oldest change that waits to be published")
                .strongReference(true)
                .register(registry);
        Gauge.builder("rowrelay.paused", this, metrics -> metrics.paused.get())
                .description(
                        "1 while the stream is paused, otherwise 0; NaN on a standby and while the source cannot be read")
                .register(registry);
    }

    @Override
    public void captured(List<Change> changes, long waitingBehind) {
        captured.increment(changes.size());
        pages.record(changes.size());
        lag.read(changes.size() + waitingBehind, changedAt(changes.get(0)));
    }

    @Override
    public void published(List<Change> changes) {
        Instant now = clock.instant();
        for (Change change : changes) {
            Duration age = Duration.between(changedAt(change), now);
            // Clocks that differ must not make up a latency.
            latency.record(age.isNegative() ? Duration.ZERO : age);
        }
        published.increment(changes.size());
        lag.published(changes.size());
        tables.published(changes);
        summarise(now);
    }

    @Override
    public void caughtUp() {
        lag.caughtUp();
    }

    @Override
    public void topicLost(long records) {
        topicLost.increment((double) records);
    }

    @Override
    public void topicLossIncomplete() {
        topicLossIncomplete.increment();
    }

    @Override
    public void paused(boolean now) {
        paused.set(now ? 1 : 0);
    }

    void countOversized() {
        oversized.increment();
    }

    void countRemoved(int changes) {
        removed.increment(changes);
    }

    void countOutage() {
        outages.increment();
    }

    private static Instant changedAt(Change change) {
        return Instant.EPOCH.plus(change.changedAtMicros(), ChronoUnit.MICROS);
    }

    private void summarise(Instant now) {
        if (now.isBefore(summaryDue)) {
            return;
        }
        LOG.info(
                "published={} in the last minute, total={} waiting={}",
                (long) (published.count() - publishedAtSummary),
                (long) published.count(),
                Double.isNaN(lag.changes()) ? "unknown" : Long.toString((long) lag.changes()));
        publishedAtSummary = published.count();
        summaryDue = now.plus(SUMMARY_INTERVAL);
    }
}
