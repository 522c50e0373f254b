package io.rowrelay.sandbox;

import io.rowrelay.sandbox.process.JarCommand;
import io.rowrelay.sandbox.process.JarProcess;
import io.rowrelay.sandbox.process.ProcessFile;
import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.process.SandboxException;
import io.rowrelay.sandbox.stack.KafkaBroker;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.sandbox.stack.StackBuilder;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final int PRODUCER_HTTP_PORT = 18081;
    private static final int CONSUMER_HTTP_PORT = 18082;
    private static final int FURTHER_HTTP_PORT = 18083;
    private static final String FURTHER_CONSUMER = "further-consumer";

    /** The ports of the servers, unless they are taken. */
    static final int SOURCE_PORT = 15432;

    static final int DESTINATION_PORT = 15433;
    static final int KAFKA_PORT = 19092;

    private final Screen screen;
    private final Path producerJar;
    private final Path consumerJar;
    private final Stack stack;
    private final Path logs;
    private final Path settings;
    private final Project project;
    private final List<String> streamSettings;
    private final DemoCommands admin;
    private @Nullable DemoCommands further;
    private final List<JarProcess> daemons = new ArrayList<>();
    private boolean closed;

    /** With the tables and the stream that Rowrelay ships; data is kept in a directory if one is given. */
    static Sandbox shipped(Project project, @Nullable Path data, Screen screen) {
        return new Sandbox(project, data, screen, List.of(), true);
    }

    /** With a stream of another name, in databases that are empty. */
    static Sandbox empty(Project project, @Nullable Path data, Screen screen, String stream) {
        return new Sandbox(project, data, screen, List.of("STREAM=" + stream), false);
    }

    private Sandbox(
            Project project, @Nullable Path data, Screen screen, List<String> streamSettings, boolean withTables) {
        this.project = project;
        this.streamSettings = streamSettings;
        this.screen = screen;
        this.producerJar = project.jar("producer");
        this.consumerJar = project.jar("consumer");
        StackBuilder builder = Stack.builder()
                .ports(Ports.preferring(SOURCE_PORT), Ports.preferring(DESTINATION_PORT), Ports.preferring(KAFKA_PORT))
                .randomPasswords()
                .withoutCloseAtExit();
        if (withTables) {
            builder.sqlDirectory(project.sql());
        } else {
            builder.withoutTables();
        }
        if (data != null) {
            builder.directory(data);
        }
        this.stack = builder.build();
        this.logs = directory().resolve("logs");
        this.settings = directory().resolve("rowrelay.properties");
        this.admin = new DemoCommands(project.jar("admin"), settings, logs, processFile("admin"));
    }

    /** Starts the servers, and writes the settings for those who work with them. */
    void startStack() {
        screen.info("Starting PostgreSQL and Kafka in %s ...", directory());
        stack.start();
        screen.good("PostgreSQL, the source       127.0.0.1:%d", source().port());
        screen.good("PostgreSQL, the destination  127.0.0.1:%d", destination().port());
        screen.good("Kafka                        %s", kafka().bootstrapServers());
        // What an earlier sandbox left in the same directory holds the ports.
        processFile("producer").endLeftover(producerJar);
        processFile("consumer").endLeftover(consumerJar);
        processFile(FURTHER_CONSUMER).endLeftover(consumerJar);
        StackSettings.write(settings, stack, streamSettings);
    }

    /** Starts the daemons, and returns when both are ready. */
    void startDaemons() {
        int producerPort = Ports.preferring(PRODUCER_HTTP_PORT);
        int consumerPort = Ports.preferring(CONSUMER_HTTP_PORT);
        startDaemon("producer", producerJar, settings, producerPort, consumerPort);
        startDaemon("consumer", consumerJar, settings, consumerPort, producerPort);
        daemons().forEach(this::awaitReady);
    }

    private void awaitReady(JarProcess daemon) {
        daemon.awaitReady(READY_TIMEOUT);
        screen.good("The %s is ready        %s", daemon.name(), daemon.url("/health/ready"));
    }

    /** Makes a further destination for the same stream, an empty database of the destination's server; returns its commands. */
    DemoCommands furtherDestination(String database) {
        destination().createDatabase(database);
        Path file = furtherSettings();
        List<String> lines = new ArrayList<>(streamSettings);
        lines.add("KAFKA_GROUP_ID=" + database);
        StackSettings.write(file, stack, destination().jdbcUrl(database), lines);
        DemoCommands commands = new DemoCommands(project.jar("admin"), file, logs, processFile("further-admin"));
        further = commands;
        return commands;
    }

    /** Starts the consumer of the further destination, and returns when it is ready. */
    void startFurtherConsumer() {
        int port = Ports.preferring(FURTHER_HTTP_PORT);
        startDaemon(FURTHER_CONSUMER, consumerJar, furtherSettings(), port, PRODUCER_HTTP_PORT);
        List<JarProcess> all = daemons();
        awaitReady(all.get(all.size() - 1));
    }

    private Path furtherSettings() {
        return directory().resolve("rowrelay-further.properties");
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

    DemoCommands admin() {
        return admin;
    }

    synchronized List<JarProcess> daemons() {
        return List.copyOf(daemons);
    }

    /** Waits until a daemon ends by itself, which it should not. */
    SandboxException awaitDeath() {
        CompletableFuture.anyOf(daemons().stream().map(JarProcess::ended).toArray(CompletableFuture<?>[]::new))
                .join();
        return daemons().stream()
                .filter(daemon -> !daemon.isAlive())
                .findFirst()
                .map(JarProcess::died)
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
        admin.close();
        if (further != null) {
            further.close();
        }
        for (JarProcess daemon : daemons) {
            OptionalInt exitCode = daemon.stop(STOP_TIMEOUT);
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

    /** Each daemon knows the other by the status page only. */
    private synchronized void startDaemon(String name, Path jar, Path file, int httpPort, int peerPort) {
        if (closed) {
            throw new SandboxException("The sandbox is being stopped");
        }
        daemons.add(new JarCommand(name, jar, logs.resolve(name + ".log"))
                .arguments(List.of("--config", file.toString()))
                .environment(Map.of(
                        "HTTP_HOST",
                        Ports.LOOPBACK,
                        "HTTP_PORT",
                        Integer.toString(httpPort),
                        "STATUS_PEER",
                        "http://" + Ports.LOOPBACK + ":" + peerPort))
                .processFile(processFile(name))
                .deafToTheTerminal()
                .start());
    }

    private ProcessFile processFile(String name) {
        return new ProcessFile(stack.processes().resolve(name + ".pid"));
    }
}
