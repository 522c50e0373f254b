package io.rowrelay.sandbox;

import io.rowrelay.sandbox.process.JarCommand;
import io.rowrelay.sandbox.process.JarProcess;
import io.rowrelay.sandbox.process.ProcessFile;
import io.rowrelay.sandbox.process.SandboxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs commands of admin.jar, as a user types them. Closing may come from another thread. */
final class DemoCommands implements AutoCloseable {
    /** A command lives for a second. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Path jar;
    private final Path settings;
    private final Path logs;
    private final ProcessFile processFile;
    private @Nullable JarProcess running;
    private boolean closed;

    DemoCommands(Path jar, Path settings, Path logs, ProcessFile processFile) {
        this.jar = jar;
        this.settings = settings;
        this.logs = logs;
        this.processFile = processFile;
    }

    /** What came of a command; its errors are for people. */
    record Outcome(boolean good, String output, String errors) {}

    /** Runs a command to its end. */
    Outcome run(String... command) {
        JarProcess process = start(List.of(command));
        boolean good = process.ended().join().exitValue() == 0;
        // It has ended. Its process file must not stay: the watchdog would end whichever process has that id next.
        process.kill();
        return new Outcome(good, process.output(), process.errors());
    }

    /** What a user types for the same, in the project's directory. */
    String commandLine(String command) {
        return "bin/rowrelay %s --config %s".formatted(command, settings);
    }

    private synchronized JarProcess start(List<String> command) {
        if (closed) {
            throw new SandboxException("The sandbox is being stopped");
        }
        JarProcess started = new JarCommand("admin", jar, logs.resolve("admin.out"), logs.resolve("admin.err"))
                .jvmOptions(JVM_OPTIONS)
                .arguments(Stream.concat(command.stream(), Stream.of("--config", settings.toString()))
                        .toList())
                .processFile(processFile)
                .start();
        running = started;
        return started;
    }

    /** Ends a command that still runs. */
    @Override
    public synchronized void close() {
        closed = true;
        if (running != null) {
            running.kill();
        }
    }
}
