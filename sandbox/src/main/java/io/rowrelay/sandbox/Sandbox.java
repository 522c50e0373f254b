package io.rowrelay.sandbox;

import io.rowrelay.sandbox.daemon.Daemon;
import io.rowrelay.sandbox.daemon.DaemonSettings;
import io.rowrelay.sandbox.daemon.ProcessFile;
import io.rowrelay.sandbox.daemon.Project;
import io.rowrelay.sandbox.daemon.SandboxException;
import io.rowrelay.sandbox.stack.KafkaBroker;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.sandbox.stack.StackBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The stack and the two daemons on it.
 *
 * <p>Closing stops the daemons before what they talk to. It may come from another thread at any moment, also while the
 * sandbox starts: then nothing more is started.
 */
final class Sandbox implements AutoCloseable {
    private static final int SOURCE_PORT = 15432;
    private static final int DESTINATION_PORT = 15433;
    private static final int PRODUCER_HTTP_PORT = 18081;
    private static final int CONSUMER_HTTP_PORT = 18082;

    /** The broker's port, unless it is taken. */
    static final int KAFKA_PORT = 19092;

    private final Screen screen;
    private final Path producerJar;
    private final Path consumerJar;
    private final Stack stack;
    private final List<Daemon> daemons = new ArrayList<>();
    private boolean closed;

    Sandbox(Project project, @Nullable Path data, Screen screen) {
        this.screen = screen;
        this.producerJar = project.daemonJar("producer");
        this.consumerJar = project.daemonJar("consumer");
        StackBuilder builder = Stack.builder()
                .sqlDirectory(project.sql())
                .ports(Ports.preferring(SOURCE_PORT), Ports.preferring(DESTINATION_PORT), Ports.preferring(KAFKA_PORT))
                .withoutCloseAtExit();
        if (data != null) {
            builder.directory(data);
        }
        this.stack = builder.build();
    }

    /** Starts everything, and returns when both daemons are ready. */
    void start() {
        screen.info("Starting PostgreSQL and Kafka in %s ...", directory());
        stack.start();
        screen.good("PostgreSQL, the source       127.0.0.1:%d", source().port());
        screen.good("PostgreSQL, the destination  127.0.0.1:%d", destination().port());
        screen.good("Kafka                        %s", kafka().bootstrapServers());
        // What an earlier sandbox left in the same directory holds the ports.
        processFile("producer").endLeftover(producerJar);
        processFile("consumer").endLeftover(consumerJar);
        int producerPort = Ports.preferring(PRODUCER_HTTP_PORT);
        int consumerPort = Ports.preferring(CONSUMER_HTTP_PORT);
        startDaemon("producer", producerJar, producerPort, settings("SOURCE", source(), consumerPort));
        startDaemon("consumer", consumerJar, consumerPort, settings("DESTINATION", destination(), producerPort));
        for (Daemon daemon : daemons()) {
            daemon.awaitReady();
            screen.good("The %s is ready        %s", daemon.name(), daemon.url("/health/ready"));
        }
    }

    PostgresServer source() {
        return stack.source();
    }

    PostgresServer destination() {
        return stack.destination();
    }

    KafkaBroker kafka() {
        return stack.kafka();
    }

    Path directory() {
        return stack.directory();
    }

    synchronized List<Daemon> daemons() {
        return List.copyOf(daemons);
    }

    /** Waits until a daemon ends by itself, which it should not. */
    SandboxException awaitDeath() {
        CompletableFuture.anyOf(daemons().stream().map(Daemon::ended).toArray(CompletableFuture<?>[]::new))
                .join();
        return daemons().stream()
                .filter(daemon -> !daemon.isAlive())
                .findFirst()
                .map(Daemon::died)
                .orElseThrow();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Stops the daemons, then what they talk to; does nothing the second time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Daemon daemon : daemons) {
            OptionalInt exitCode = daemon.stop();
            if (exitCode.isPresent()) {
                screen.info("The %s has stopped with exit code %d", daemon.name(), exitCode.getAsInt());
            } else {
                screen.bad("The %s did not stop and was killed", daemon.name());
            }
        }
        stack.close();
        screen.info(
                "PostgreSQL and Kafka have stopped; %s is %s", stack.directory(), stack.isKept() ? "kept" : "removed");
    }

    private synchronized void startDaemon(String name, Path jar, int httpPort, Map<String, String> settings) {
        if (closed) {
            throw new SandboxException("The sandbox is being stopped");
        }
        Path logs = stack.directory().resolve("logs");
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create the directory " + logs, e);
        }
        daemons.add(Daemon.start(
                new DaemonSettings(name, jar, httpPort, settings, logs.resolve(name + ".log"), processFile(name))));
    }

    private ProcessFile processFile(String daemon) {
        return new ProcessFile(stack.processes().resolve(daemon + ".pid"));
    }

    /** The daemon of each side knows the other by the status page only. */
    private Map<String, String> settings(String role, PostgresServer server, int peerPort) {
        return Map.of(
                role + "_DB_URL",
                server.jdbcUrl(),
                role + "_DB_USER",
                PostgresServer.USER,
                role + "_DB_PASSWORD",
                PostgresServer.PASSWORD,
                "KAFKA_BOOTSTRAP_SERVERS",
                kafka().bootstrapServers(),
                "STATUS_PEER",
                "http://" + Ports.LOOPBACK + ":" + peerPort);
    }
}
