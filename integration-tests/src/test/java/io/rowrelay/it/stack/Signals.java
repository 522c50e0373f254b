package io.rowrelay.it.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

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

    /** Freezes processes; those that are gone meanwhile are no mistake. */
    public static void suspendAll(List<Long> pids) {
        kill("STOP", pids);
    }

    /** Lets frozen processes go on. */
    public static void resumeAll(List<Long> pids) {
        kill("CONT", pids);
    }

    private static void send(String signal, long pid) {
        int exitCode = kill(signal, List.of(pid));
        if (exitCode != 0) {
            throw new IllegalStateException("kill -" + signal + " " + pid + " exited with code " + exitCode);
        }
    }

    private static int kill(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(pid.toString()));
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
