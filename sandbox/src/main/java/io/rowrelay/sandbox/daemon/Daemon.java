package io.rowrelay.sandbox.daemon;

import io.rowrelay.sandbox.stack.LogTail;
import io.rowrelay.sandbox.stack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One of the two daemons, run from its jar as a process of its own. All methods are safe to call from any thread. */
public final class Daemon {
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    /** What a daemon keeps of this process's environment: nothing that could configure it. */
    private static final List<String> INHERITED = List.of("PATH", "HOME", "TMPDIR", "LANG");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
    private final DaemonSettings settings;
    private final int httpPort;
    private final Process process;

    private Daemon(DaemonSettings settings, int httpPort, Process process) {
        this.settings = settings;
        this.httpPort = httpPort;
        this.process = process;
    }

    /** Starts a daemon. */
    public static Daemon start(DaemonSettings settings) {
        int httpPort = settings.httpPort();
        // Ctrl-C in a terminal reaches every process in it. The daemons ignore it: the sandbox stops them, in order.
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                "trap '' INT HUP; exec \"$@\"",
                "sh",
                java(),
                "-jar",
                settings.jar().toString());
        Map<String, String> inherited = new HashMap<>(builder.environment());
        inherited.keySet().retainAll(INHERITED);
        builder.environment().clear();
        builder.environment().putAll(inherited);
        builder.environment().putAll(settings.environment());
        builder.environment().put("HTTP_HOST", Ports.LOOPBACK);
        builder.environment().put("HTTP_PORT", Integer.toString(httpPort));
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(settings.log().toFile()));
        try {
            Process process = builder.start();
            settings.processFile().write(process);
            return new Daemon(settings, httpPort, process);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the " + settings.name(), e);
        }
    }

    /** What to call it. */
    public String name() {
        return settings.name();
    }

    /** The file it logs to. */
    public Path log() {
        return settings.log();
    }

    /** A URL of its HTTP endpoint. */
    public String url(String path) {
        return "http://" + Ports.LOOPBACK + ":" + httpPort + path;
    }

    /** Returns when the daemon says that it is ready; throws with the end of its log when it dies or takes too long. */
    public void awaitReady() {
        long deadlineNanos = System.nanoTime() + READY_TIMEOUT.toNanos();
        String answer = "no answer";
        while (process.isAlive() && System.nanoTime() < deadlineNanos) {
            try {
                HttpResponse<String> response = get("/health/ready");
                if (response.statusCode() == 200) {
                    return;
                }
                answer = response.body();
            } catch (IOException notListeningYet) {
                // Asked again.
            }
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
        }
        throw process.isAlive()
                ? new SandboxException("The " + name() + " did not become ready: " + answer + logTail())
                : died();
    }

    /** The id of its process. */
    public long pid() {
        return process.pid();
    }

    /** Completes when the daemon has ended. */
    public CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** Whether its process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What to tell the user about a daemon that ended by itself. */
    public SandboxException died() {
        return new SandboxException("The " + name() + " has ended with exit code " + process.exitValue() + logTail());
    }

    /** Asks the daemon to stop and returns its exit code; one that does not stop in time is killed and has none. */
    public OptionalInt stop() {
        process.destroy();
        try {
            if (process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                settings.processFile().delete();
                return OptionalInt.of(process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return OptionalInt.empty();
    }

    private HttpResponse<String> get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(REQUEST_TIMEOUT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while waiting for the " + name());
        }
    }

    private String logTail() {
        return System.lineSeparator() + "The end of " + log() + ":" + LogTail.of(log());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
