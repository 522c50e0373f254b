package io.rowrelay.admin.verify;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.verify.Difference.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;

/**
 * The result of the last comparison in a file for node_exporter's textfile collector. It appears whole, by a rename; a comparison
 * that fails leaves the former one, whose timestamp tells its age.
 */
final class MetricsFile {
    private final Path file;
    private final String stream;

    MetricsFile(Path file, String stream) {
        this.file = file.toAbsolutePath();
        this.stream = stream;
    }

    /** Writes it again. */
    void write(VerifyReport report, Instant at) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags("stream", stream);
        for (Kind kind : Kind.values()) {
            Gauge.builder("rowrelay.verify.found", () -> report.differences(kind))
                    .description("Rows that the last comparison found to differ")
                    .tag("kind", kind.word())
                    .register(registry);
        }
        gauge(registry, "rowrelay.verify.differences", (double) report.left(), "Rows that differed when it ended");
        gauge(
                registry,
                "rowrelay.verify.not.judged",
                (double) report.undecided(),
                "Rows that changed so often that it could not tell");
        gauge(
                registry,
                "rowrelay.verify.columns.not.compared",
                (double) report.scope().left().size(),
                "Columns of the source that the last comparison had to leave out");
        gauge(registry, "rowrelay.verify.rows", (double) report.rows(), "Rows of the source that were compared");
        gauge(
                registry,
                "rowrelay.verify.timestamp.seconds",
                (double) at.getEpochSecond(),
                "When the last comparison ended");
        gauge(registry, "rowrelay.verify.duration.seconds", report.seconds(), "How long it took");
        replace(registry.scrape());
        registry.close();
    }

    private static void gauge(PrometheusMeterRegistry registry, String name, double value, String description) {
        Gauge.builder(name, () -> value).description(description).register(registry);
    }

    private void replace(String content) {
        try {
            Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), content);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new CommandFailedException("cannot write " + file + ": " + failure);
        }
    }
}
