package io.rowrelay.it.stack;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A daemon run from its jar, with the environment given and nothing else that could configure it. */
public final class DaemonProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("http endpoint open host=127\\.0\\.0\\.1 port=(\\d+)");
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final boolean kept;
    private final Process process;

    /** Starts {@code producer}, {@code consumer} or {@code admin}. */
    public DaemonProcess(String name, Map<String, String> environment, String... arguments) {
        this(name, environment, temporary(name), false, ClassArchives.option(name), arguments);
    }

    /** Starts one that writes its log into a directory, where it stays. */
    public static DaemonProcess keepingItsLog(String name, Map<String, String> environment, Path directory) {
        return new DaemonProcess(name, environment, directory, true, ClassArchives.option(name));
    }

    /** Starts one that writes an archive of its classes when it ends. */
    static DaemonProcess archiving(String name, Map<String, String> environment, Path archive, String... arguments) {
        return new DaemonProcess(
                name, environment, temporary(name), false, List.of("-XX:ArchiveClassesAtExit=" + archive), arguments);
    }

    private DaemonProcess(
            String name,
            Map<String, String> environment,
            Path directory,
            boolean kept,
            List<String> jvmOptions,
            String... arguments) {
        this.directory = directory;
        this.kept = kept;
        try {
            Files.createDirectories(directory);
            List<String> command =
                    new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
            command.addAll(jvmOptions);
            command.addAll(List.of("-jar", jar(name).toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().retainAll(List.of("PATH", "LANG"));
            builder.environment().putAll(environment);
            builder.redirectOutput(out().toFile()).redirectError(err().toFile());
            process = builder.start();
            // Nobody answers what it may ask.
            process.getOutputStream().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path temporary(String name) {
        try {
            return Files.createTempDirectory("rowrelay-it-" + name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The tests run in their module's directory, after the jars have been packed. */
    static Path jar(String name) {
        Path jar = Path.of("..", name, "target", name + ".jar").toAbsolutePath().normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: run mvn package");
        }
        return jar;
    }

    private Path out() {
        return directory.resolve("out");
    }

    private Path err() {
        return directory.resolve("err");
    }

    /** What it wrote to standard output so far. */
    public String output() {
        return read(out());
    }

    /** What it wrote to standard error so far. */
    public String errors() {
        return read(err());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
        return read(Path.of("/proc", "" + pid(), "status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
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
    public Page get(String path) {
        Matcher port = PORT.matcher(output());
        if (!port.find()) {
            return new Page(0, "the endpoint is not open yet");
        }
        URI uri = URI.create("http://127.0.0.1:" + port.group(1) + path);
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            return new Page(response.statusCode(), response.body());
        } catch (IOException nobodyAnswers) {
            return new Page(0, nobodyAnswers.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Page(0, interrupted.toString());
        }
    }

    /** An answer. */
    public record Page(int status, String body) {}

    /** Waits until it says that it is ready. */
    public DaemonProcess awaitReady() {
        awaitReady(Pipeline.PATIENCE);
        return this;
    }

    private void awaitReady(Duration atMost) {
        await("ready: " + directory)
                .atMost(atMost)
                .until(() -> get("/health/ready").status() == 200);
    }

    /** Waits until it says that it is ready, or for as long as given. */
    public void giveTimeToGetReady(Duration atMost) {
        try {
            awaitReady(atMost);
        } catch (ConditionTimeoutException notYet) {
            // What it needs may be out of reach.
        }
    }

    /** Waits until it ends by itself; returns its exit code. */
    public int awaitEnd() {
        return exitCode(Pipeline.PATIENCE);
    }

    /** Sends SIGTERM; returns the exit code, or fails when it takes longer than given. */
    public int stop(Duration atMost) {
        process.destroy();
        return exitCode(atMost);
    }

    private int exitCode(Duration atMost) {
        try {
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("still runs after " + atMost + ": " + directory + "\n" + output());
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        exitCode(Pipeline.PATIENCE);
    }

    /** Ends it as {@code kill -9} does, and removes what it wrote unless that is to be kept. */
    @Override
    public void close() {
        kill();
        if (kept) {
            return;
        }
        try {
            Files.deleteIfExists(out());
            Files.deleteIfExists(err());
            Files.deleteIfExists(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
