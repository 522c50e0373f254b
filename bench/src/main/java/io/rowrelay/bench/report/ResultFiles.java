package io.rowrelay.bench.report;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Results;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that a run leaves: written again after each measurement, so that a run which is ended leaves what it has. */
public final class ResultFiles {
    private final Path directory;
    private final List<Integer> rates;

    public ResultFiles(Path directory, List<Integer> rates) {
        this.directory = directory;
        this.rates = List.copyOf(rates);
    }

    public void write(Results results, Figures figures) {
        write("results.json", JsonResults.of(results));
        write("report.md", MarkdownReport.of(results));
        write("latency.svg", LatencyPlot.of(figures, rates));
        write("throughput.svg", ThroughputPlot.of(figures));
    }

    private void write(String name, String text) {
        try {
            Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + directory.resolve(name), e);
        }
    }
}
