package io.rowrelay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.bench.measure.Drain;
import io.rowrelay.sandbox.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command of the README, run as a user runs it, on the smallest sizes. */
@Tag("nightly")
@Timeout(300)
class BenchIT {
    @TempDir
    private Path directory;

    @Test
    void measures_and_verifies_both_ways_and_writes_the_results() throws Exception {
        Process bench = start("--quick", "--only", "drain");

        assertThat(bench.waitFor()).as(() -> text("output")).isZero();

        assertThat(text("results/results.json"))
                .contains("\"times_compared_and_equal\" : 2", "\"failures\" : [ ]")
                .contains(named("rowrelay"), named("logical replication"), named(Drain.AGAINST_LOGICAL))
                .contains(named(Drain.READY));
        assertThat(text("results/report.md")).contains("## Goals", "## drain");
        assertThat(text("results/throughput.svg")).contains("drain: logical replication");
        assertThat(directory.resolve("results/latency.svg")).exists();
        assertThat(directory.resolve("results/logs")).isDirectoryContaining("glob:**producer.log");
    }

    @Test
    void refuses_a_measurement_that_it_does_not_know() throws Exception {
        Process bench = start("--only", "speed");

        assertThat(bench.waitFor()).isEqualTo(1);
        assertThat(text("output")).contains("--only knows drain, catch-up, latency");
    }

    private static String named(String figure) {
        return "\"name\" : \"" + figure + "\"";
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-jar"));
        command.add(Path.of("target", "bench.jar").toString());
        command.addAll(List.of("--out", directory.resolve("results").toString()));
        command.addAll(List.of(arguments));
        return JavaCommand.of(Map.of(), command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    private String text(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            return "(no " + file + ")";
        }
    }
}
