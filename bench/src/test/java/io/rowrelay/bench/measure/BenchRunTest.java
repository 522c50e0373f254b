package io.rowrelay.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.replication.BenchStack;
import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.process.SandboxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchRunTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @Test
    void shows_where_a_failure_came_from_that_nobody_thought_of() {
        List<String> failures = run(new UncheckedIOException("Cannot read", new IOException("Too many open files")));

        assertThat(failures).containsExactly("broken: java.io.UncheckedIOException: Cannot read");
        assertThat(screen())
                .contains("FAILED: broken: java.io.UncheckedIOException: Cannot read")
                .contains("at io.rowrelay.bench.measure.BenchRunTest", "Caused by: java.io.IOException: Too many open");
    }

    @Test
    void shows_only_the_message_of_a_failure_that_explains_itself() {
        List<String> failures = run(new SandboxException("The logs: here"));

        assertThat(failures).containsExactly("broken: The logs: here");
        assertThat(screen()).contains("FAILED: broken: The logs: here").doesNotContain("\tat ");
    }

    private List<String> run(RuntimeException failure) {
        try (BenchStack stack = new BenchStack(Project.find(), directory)) {
            return new BenchRun(
                            List.of(new Broken(stack, failure)),
                            1,
                            new PrintStream(screen, true, StandardCharsets.UTF_8),
                            () -> false)
                    .run(failures -> {});
        }
    }

    private String screen() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    private static final class Broken extends Measurement {
        private final RuntimeException failure;

        Broken(BenchStack stack, RuntimeException failure) {
            super("broken", stack, new Figures(Goals.all()), Sizes.quick());
            this.failure = failure;
        }

        @Override
        void round(int number) {
            throw failure;
        }
    }
}
