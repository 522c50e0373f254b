package io.rowrelay.common.http;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** The numbers of one daemon, with those of its JVM. Names of ours begin with {@code rowrelay.} Thread-safe. */
public final class Metrics implements AutoCloseable {

    private static final String PREFIX = "rowrelay.";
    private static final Duration[] LATENCY_BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final double[] SIZE_BUCKETS = {1, 2, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000, 100_000};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final LogbackMetrics logEvents = new LogbackMetrics();

    private final String stream;

    private Metrics(String stream) {
        this.stream = stream;
    }

    /** Opens a registry whose every number carries the name of the stream. */
    public static Metrics open(String stream) {
        Metrics metrics = new Metrics(stream);
        metrics.registry.config().commonTags("stream", stream);
        metrics.binders().forEach(binder -> binder.bindTo(metrics.registry));
        return metrics;
    }

    /** The stream that the numbers are of. */
    String stream() {
        return stream;
    }

    /** Where further numbers are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** The same, for printing. */
    PrometheusMeterRegistry prometheus() {
        return registry;
    }

    /** The same without tags. */
    public static Timer latency(MeterRegistry registry, String name, String description) {
        return latency(registry, name, description, Tags.empty());
    }

    /** A histogram of times from 1 ms to 60 s; the tags say of what, such as of which table. */
    public static Timer latency(MeterRegistry registry, String name, String description, Tags tags) {
        return Timer.builder(own(name))
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(LATENCY_BUCKETS)
                .register(registry);
    }

    /** The same without tags. */
    public static DistributionSummary sizes(MeterRegistry registry, String name, String description) {
        return sizes(registry, name, description, Tags.empty());
    }

    /** A histogram of counts from 1 to 100,000; the tags say of what, such as of which table. */
    public static DistributionSummary sizes(MeterRegistry registry, String name, String description, Tags tags) {
        return DistributionSummary.builder(own(name))
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(SIZE_BUCKETS)
                .register(registry);
    }

    @Override
    public void close() {
        logEvents.close();
        garbageCollection.close();
        registry.close();
    }

    private List<MeterBinder> binders() {
        return List.of(
                new JvmMemoryMetrics(),
                garbageCollection,
                new JvmThreadMetrics(),
                new JvmInfoMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics(),
                new FileDescriptorMetrics(),
                logEvents);
    }

    private static String own(String name) {
        if (!name.startsWith(PREFIX)) {
            throw new IllegalArgumentException(name + " must begin with " + PREFIX);
        }
        return name;
    }
}
