package io.rowrelay.it.stack;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes, as an operator sends them. */
public final class Signals {
    private Signals() {}

    /** Freezes a process, with all its threads. */
    public static void suspend(long pid) {
        send("STOP", pid);
    }

    /** Lets a frozen process go on. */
    public static void resume(long pid) {
        send("CONT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int exitCode = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exitCode != 0) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " exited with code " + exitCode);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
