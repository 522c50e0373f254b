package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs of the operating system to their end. */
final class SystemPrograms {
    private SystemPrograms() {}

    /** Runs a program and returns what it printed; throws with that text when it exits with anything but zero. */
    static String run(List<String> command) {
        try {
            Result result = execute(command);
            if (result.exitCode() != 0) {
                throw new IllegalStateException("%s exited with code %d:%n%s"
                        .formatted(String.join(" ", command), result.exitCode(), result.output()));
            }
            return result.output();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + String.join(" ", command), e);
        }
    }

    /** Whether a program exists, runs and exits with zero. */
    static boolean succeeds(List<String> command) {
        try {
            return execute(command).exitCode() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private record Result(int exitCode, String output) {}

    private static Result execute(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Messages in English, and no locale of the caller's that the embedded programs do not have.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while running " + command.get(0), e);
        }
    }
}
