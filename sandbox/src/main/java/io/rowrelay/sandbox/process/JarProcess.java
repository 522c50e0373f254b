package io.rowrelay.sandbox.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A daemon or the admin tool, run from its jar as a process of its own. All methods are safe to call from any thread. */
public final class JarProcess {
    private static final Pattern PORT = Pattern.compile("http endpoint open host=127\\.0\\.0\\.1 port=(\\d+)");
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final Process process;
    private final Output out;
    private final Output errors;
    private final @Nullable ProcessFile processFile;
    private volatile @Nullable String address;

    JarProcess(String name, Process process, Output out, Output errors, @Nullable ProcessFile processFile) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.errors = errors;
        this.processFile = processFile;
    }

    /** What to call it. */
    public String name() {
        return name;
    }

    /** The file with its output. */
    public Path log() {
        return out.file();
    }

    /** What it wrote to standard output so far. */
    public String output() {
        return out.text();
    }

    /** What it wrote to standard error so far; the same where one file has both. */
    public String errors() {
        return errors.text();
    }

    /** The id of its process. */
    public long pid() {
        return process.pid();
    }

    /** Whether its process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes when it has ended. */
    public CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** A URL of its HTTP endpoint, which its log names. */
    public String url(String path) {
        String known = address;
        if (known == null) {
            Matcher port = PORT.matcher(output());
            if (!port.find()) {
                throw new IllegalStateException("The endpoint of the " + name + " is not open yet");
            }
            known = "http://127.0.0.1:" + port.group(1);
            address = known;
        }
        return known + path;
    }

    /** An answer of its HTTP endpoint. */
    public record Page(int status, String body) {}

    /** Asks its HTTP endpoint; the status is 0 while nobody answers. */
    public Page get(String path) {
        try {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create(url(path)))
                            .timeout(REQUEST_TIMEOUT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Page(response.statusCode(), response.body());
        } catch (IOException | IllegalStateException nobodyAnswers) {
            return new Page(0, nobodyAnswers.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Page(0, interrupted.toString());
        }
    }

    /** Returns when it says that it is ready; throws with the end of its log when it dies or takes too long. */
    public void awaitReady(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        Page answer = get("/health/ready");
        while (answer.status() != 200) {
            if (!process.isAlive()) {
                throw died();
            }
            if (System.nanoTime() - deadlineNanos > 0 || Thread.currentThread().isInterrupted()) {
                throw new SandboxException(
                        "The %s did not become ready: %s%s".formatted(name, answer.body(), logTail()));
            }
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
            answer = get("/health/ready");
        }
    }

    /** What to tell the user when it has ended by itself. */
    public SandboxException died() {
        return new SandboxException(
                "The %s has ended with exit code %d%s".formatted(name, process.exitValue(), logTail()));
    }

    /** Waits until it ends by itself and returns its exit code; empty when it takes longer than given. */
    public OptionalInt awaitEnd(Duration atMost) {
        try {
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return OptionalInt.of(process.exitValue());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return OptionalInt.empty();
    }

    /** Sends SIGTERM and returns the exit code; a process that takes longer than given is killed and has none. */
    public OptionalInt stop(Duration atMost) {
        process.destroy();
        OptionalInt exitCode = awaitEnd(atMost);
        kill();
        return exitCode;
    }

    /** Ends it as {@code kill -9} does, and returns when it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        if (processFile != null) {
            processFile.delete();
        }
    }

    private String logTail() {
        return System.lineSeparator() + "The end of " + log() + ":" + LogTail.of(log());
    }
}
