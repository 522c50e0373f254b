package io.rowrelay.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file with the process id of a daemon, so that a sandbox which continues in a kept directory finds the daemons of one
 * that was killed.
 *
 * @param path the file
 */
public record ProcessFile(Path path) {
    private static final long END_TIMEOUT_SECONDS = 20;

    /** Notes which process it is. */
    public void write(Process process) {
        try {
            Files.writeString(path, Long.toString(process.pid()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + path, e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }

    /** Ends the process that the file names, if it still runs and has the jar in its command line. */
    public void endLeftover(Path jar) {
        try {
            ProcessHandle.of(Long.parseLong(Files.readString(path).strip()))
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(command -> command.contains(jar.toString()))
                            .isPresent())
                    .ifPresent(ProcessFile::end);
        } catch (NoSuchFileException usual) {
            // Nothing was left.
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(END_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stubborn) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot wait for process " + process.pid(), e);
        }
    }
}
