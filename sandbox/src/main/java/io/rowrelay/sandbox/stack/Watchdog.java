package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A small process that outlives this JVM should it be killed, and then ends the stack's processes and removes its
 * temporary directory.
 *
 * <p>Without it a killed test or demo would leave servers running, and daemons that go on to talk to whatever takes the
 * ports next.
 */
final class Watchdog implements AutoCloseable {
    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    static Watchdog over(StackDirectory directory) {
        try {
            Process process = new ProcessBuilder(
                            "sh",
                            "-c",
                            script(),
                            "rowrelay-sandbox-watchdog",
                            directory.path().toString(),
                            directory.isTemporary() ? "temporary" : "kept")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Watchdog(process);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the watchdog", e);
        }
    }

    /** Tells it that all was ended in good order. */
    @Override
    public void close() {
        try (OutputStream toWatchdog = process.getOutputStream()) {
            toWatchdog.write('\n');
        } catch (IOException gone) {
            // Then somebody has killed it, and there is nothing left for it to do.
        }
    }

    private static String script() throws IOException {
        try (InputStream script = Objects.requireNonNull(Watchdog.class.getResourceAsStream("watchdog.sh"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
