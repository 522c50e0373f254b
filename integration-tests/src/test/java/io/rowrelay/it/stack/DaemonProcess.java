package io.rowrelay.it.stack;

import io.rowrelay.sandbox.process.JarCommand;
import io.rowrelay.sandbox.process.JarProcess;
import io.rowrelay.sandbox.process.ProcessFile;
import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.process.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A daemon run from its jar, with the environment given and nothing else that could configure it. */
public final class DaemonProcess implements AutoCloseable {
    private final Path directory;
    private final boolean kept;
    private final JarProcess process;

    /** Starts {@code producer}, {@code consumer} or {@code admin}. */
    public DaemonProcess(String name, Map<String, String> environment, String... arguments) {
        this(name, environment, ClassArchives.option(name), arguments);
    }

    private DaemonProcess(String name, Map<String, String> environment, List<String> options, String... arguments) {
        directory = temporary(name);
        kept = false;
        process = command(name, directory, environment, options)
                .arguments(List.of(arguments))
                .start();
    }

    private DaemonProcess(String name, Map<String, String> environment, Path directory, ProcessFile processFile) {
        this.directory = directory;
        kept = true;
        process = command(name, directory, environment, ClassArchives.option(name))
                .processFile(processFile)
                .start();
    }

    /** Starts one that writes its log into a directory, where it stays, and has a file that says which process it is. */
    public static DaemonProcess keepingItsLog(
            String name, Map<String, String> environment, Path directory, ProcessFile processFile) {
        return new DaemonProcess(name, environment, directory, processFile);
    }

    /** Starts one that writes an archive of its classes when it ends. */
    static DaemonProcess archiving(String name, Map<String, String> environment, Path archive, String... arguments) {
        return new DaemonProcess(name, environment, List.of("-XX:ArchiveClassesAtExit=" + archive), arguments);
    }

    private static JarCommand command(
            String name, Path directory, Map<String, String> environment, List<String> options) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        all.addAll(options);
        return new JarCommand(name, jar(name), directory.resolve("out"), directory.resolve("err"))
                .jvmOptions(all)
                .environment(environment);
    }

    private static Path temporary(String name) {
        try {
            return Files.createTempDirectory("rowrelay-it-" + name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Path jar(String name) {
        return Project.find().jar(name);
    }

    /** What it wrote to standard output so far. */
    public String output() {
        return process.output();
    }

    /** What it wrote to standard error so far. */
    public String errors() {
        return process.errors();
    }

    /** The id of its process, for signals. */
    public long pid() {
        return process.pid();
    }

    /** Whether its process is there. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The most memory that its process has had at once, in units of 1,024 bytes; Linux only. */
    public long mostResidentKilobytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid(), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What a consumer has applied, superseded or refused since its start, by its own count; 0 while nobody answers. */
    public long judgedRecords() {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.matches("rowrelay_(changes_(applied|superseded)|records_deadlettered)_total.*"))
                .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                .sum();
    }

    /** Asks for a page; the status is 0 while nobody answers. */
    public JarProcess.Page get(String path) {
        return process.get(path);
    }

    /** Waits until it says that it is ready. */
    public DaemonProcess awaitReady() {
        process.awaitReady(Pipeline.PATIENCE);
        return this;
    }

    /** Waits until it says that it is ready, or for as long as given. */
    public void giveTimeToGetReady(Duration atMost) {
        try {
            process.awaitReady(atMost);
        } catch (SandboxException notYet) {
            // What it needs may be out of reach.
        }
    }

    /** Waits until it ends by itself; returns its exit code. */
    public int awaitEnd() {
        return process.awaitEnd(Pipeline.PATIENCE).orElseThrow(() -> stillRuns(Pipeline.PATIENCE));
    }

    /** Sends SIGTERM; returns the exit code, or fails when it takes longer than given. */
    public int stop(Duration atMost) {
        return process.stop(atMost).orElseThrow(() -> stillRuns(atMost));
    }

    private AssertionError stillRuns(Duration atMost) {
        return new AssertionError("still runs after " + atMost + ": " + directory + "\n" + output());
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** Ends it as {@code kill -9} does, and removes what it wrote unless that is to be kept. */
    @Override
    public void close() {
        kill();
        if (kept) {
            return;
        }
        try {
            Files.deleteIfExists(directory.resolve("out"));
            Files.deleteIfExists(directory.resolve("err"));
            Files.deleteIfExists(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
