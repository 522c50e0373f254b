package io.rowrelay.sandbox.stack;

import io.rowrelay.sandbox.process.JavaCommand;
import io.rowrelay.sandbox.process.LogTail;
import io.rowrelay.sandbox.process.ProcessFile;
import io.rowrelay.sandbox.process.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A broker in a JVM of its own, which can be killed like any process. All methods are safe to call from any thread. */
public final class BrokerProcess implements KafkaBroker {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(50);

    /**
     * The fast compiler only. It leaves code that costs the broker as much CPU as that of the slow one, which for its first two
     * million records takes more CPU than the records do.
     */
    private static final List<String> JVM_OPTIONS = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final KafkaSettings settings;
    private final Path processes;
    private @Nullable Process process;
    private boolean closed;

    BrokerProcess(KafkaSettings settings, Path processes) {
        this.settings = new KafkaSettings(
                settings.node(),
                settings.directory(),
                Ports.orAnyFree(settings.port()),
                settings.properties(),
                settings.listeners());
        this.processes = processes;
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("The broker is closed");
        }
        if (isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(JVM_OPTIONS);
        command.addAll(List.of(
                "-Dlogback.configurationFile=logback-sandbox.xml",
                "-Drowrelay.log=" + logFile(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName()));
        command.addAll(BrokerMain.arguments(settings));
        try {
            Directories.create(settings.directory());
            Files.deleteIfExists(output());
            Process started = JavaCommand.of(Map.of(), command)
                    .redirectErrorStream(true)
                    .redirectOutput(output().toFile())
                    .start();
            process = started;
            new ProcessFile(processes.resolve("broker-" + nodeId() + ".pid")).write(started);
            awaitStarted(started);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the broker", e);
        }
    }

    private void awaitStarted(Process started) throws IOException {
        long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!Files.readString(output()).contains(BrokerMain.STARTED)) {
            if (!started.isAlive() || System.nanoTime() > deadlineNanos) {
                throw new SandboxException("The broker does not start" + LogTail.of(output()));
            }
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
        }
    }

    /** Lets the broker hand over and close its files. */
    @Override
    public synchronized void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
            if (!running.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SandboxException("The broker does not stop" + LogTail.of(output()));
            }
        } catch (IOException gone) {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
        process = null;
    }

    /** Ends the broker as {@code kill -9} does, and returns when it is gone. */
    public synchronized void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
            process = null;
        }
    }

    /** Whether its process is there. */
    public synchronized boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Its number in the cluster, from 1. */
    public int nodeId() {
        return settings.node().id();
    }

    /** Where its partitions lie: a directory for each, {@code <topic>-<partition>}. */
    public Path dataDirectory() {
        return EmbeddedBroker.data(settings);
    }

    /** The id of its process, for signals. */
    public synchronized long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("The broker does not run");
        }
        return running.pid();
    }

    /** What the broker logs, warnings and worse. */
    public Path logFile() {
        return settings.directory().resolve("broker.log");
    }

    private Path output() {
        return settings.directory().resolve("broker.out");
    }

    @Override
    public synchronized void close() {
        closed = true;
        // Nobody is left to hand over to; the last of a cluster would wait for a majority that is gone.
        kill();
    }

    @Override
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + settings.port();
    }
}
