package io.rowrelay.bench.measure;

import io.rowrelay.sandbox.process.SandboxException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs measurements, one after the other, each in all its rounds. */
public final class BenchRun {
    private final List<Measurement> measurements;
    private final int rounds;
    private final PrintStream out;
    private final BooleanSupplier stopping;
    private final long startNanos = System.nanoTime();

    public BenchRun(List<Measurement> measurements, int rounds, PrintStream out, BooleanSupplier stopping) {
        this.measurements = List.copyOf(measurements);
        this.rounds = rounds;
        this.out = out;
        this.stopping = stopping;
    }

    /**
     * Returns what failed, and tells it after each measurement. A measurement that fails does not keep the others from
     * being made; the end of the bench does.
     */
    public List<String> run(Consumer<List<String>> afterEach) {
        List<String> failures = new ArrayList<>();
        for (Measurement measurement : measurements) {
            try {
                int last = measurement.rounds(rounds);
                for (int round = 1; round <= last; round++) {
                    say("%s, round %d of %d".formatted(measurement.name(), round, last));
                    measurement.round(round);
                }
            } catch (SQLException | RuntimeException e) {
                if (stopping.getAsBoolean()) {
                    return failures;
                }
                failures.add(measurement.name() + ": " + (e instanceof SandboxException ? e.getMessage() : e));
                say("FAILED: " + failures.get(failures.size() - 1));
                if (!(e instanceof SandboxException)) {
                    e.printStackTrace(out);
                }
            }
            measurement.conclude();
            afterEach.accept(failures);
        }
        return failures;
    }

    private void say(String text) {
        Duration passed = Duration.ofNanos(System.nanoTime() - startNanos);
        out.printf("%3d:%02d  %s%n", passed.toMinutes(), passed.toSecondsPart(), text);
    }
}
