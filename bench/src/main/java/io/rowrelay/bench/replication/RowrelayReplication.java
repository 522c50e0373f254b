package io.rowrelay.bench.replication;

import io.rowrelay.bench.machine.Processes;
import io.rowrelay.sandbox.process.JarCommand;
import io.rowrelay.sandbox.process.JarProcess;
import io.rowrelay.sandbox.process.ProcessFile;
import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.stack.BrokerProcess;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The two daemons, run from their jars, with a topic of their own. Stopping and starting may come from two threads. */
public final class RowrelayReplication implements Replication {
    public static final String NAME = "rowrelay";
    /** What it is called where it applies a stream in cuts. */
    public static final String IN_CUTS = "rowrelay in cuts";

    /** What docs/design/performance.md advises for small daemons, beside {@link Project#jvmOptions}. */
    public static final String HEAP = "-Xmx192m";

    public static final String PRODUCER = "producer";
    public static final String CONSUMER = "consumer";

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final String name;
    private final Stack stack;
    private final Project project;
    private final ClassArchives archives;
    private final DatabasePair databases;
    private final Path logs;
    private final List<JarProcess> daemons = new ArrayList<>();
    private boolean closed;

    RowrelayReplication(
            String name, Stack stack, Project project, ClassArchives archives, DatabasePair databases, Path logs) {
        this.name = name;
        this.stack = stack;
        this.project = project;
        this.archives = archives;
        this.databases = databases;
        this.logs = logs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DatabasePair databases() {
        return databases;
    }

    @Override
    public void start() {
        run(PRODUCER, PRODUCER, "SOURCE", databases.source());
        addConsumer();
    }

    /** Starts one consumer more in the same group. */
    public void addConsumer() {
        run(CONSUMER, CONSUMER + daemons().size(), "DESTINATION", databases.destination());
    }

    @Override
    public void awaitReady() {
        daemons().forEach(daemon -> daemon.awaitReady(READY_TIMEOUT));
    }

    @Override
    public synchronized void stop() {
        daemons.forEach(daemon -> daemon.stop(STOP_TIMEOUT));
        daemons.clear();
    }

    @Override
    public void check() {
        daemons().stream().filter(daemon -> !daemon.isAlive()).findFirst().ifPresent(dead -> {
            throw dead.died();
        });
    }

    @Override
    public Processes processes() {
        return new Processes()
                .with(daemons())
                .with("broker", ((BrokerProcess) stack.kafka()).pid())
                .with("source server", stack.source())
                .with("destination server", stack.destination())
                .withThis();
    }

    @Override
    public Path logs() {
        return logs;
    }

    /** Stops the daemons and starts none any more; the databases stay. For the end of the bench. */
    synchronized void abandon() {
        closed = true;
        stop();
    }

    @Override
    public void close() {
        abandon();
        databases.close();
    }

    private synchronized List<JarProcess> daemons() {
        return List.copyOf(daemons);
    }

    private synchronized void run(String kind, String name, String role, PostgresServer server) {
        if (closed) {
            throw new IllegalStateException("The replication is closed");
        }
        String file = databases.name() + "-" + name;
        daemons.add(new JarCommand(kind, project.jar(kind), logs.resolve(file + ".log"))
                .jvmOptions(jvmOptions(kind))
                .environment(environment(role, server))
                .processFile(new ProcessFile(stack.processes().resolve(file + ".pid")))
                .deafToTheTerminal()
                .start());
    }

    private List<String> jvmOptions(String kind) {
        List<String> options = new ArrayList<>(List.of("@" + project.jvmOptions(), HEAP));
        options.addAll(archives.options(kind));
        return options;
    }

    private Map<String, String> environment(String role, PostgresServer server) {
        Map<String, String> environment = new HashMap<>();
        environment.put(role + "_DB_URL", server.jdbcUrl(databases.name()));
        environment.put(role + "_DB_USER", PostgresServer.USER);
        environment.put(role + "_DB_PASSWORD", PostgresServer.PASSWORD);
        environment.put("HTTP_HOST", Ports.LOOPBACK);
        environment.put("HTTP_PORT", "0");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafka().bootstrapServers());
        environment.put("KAFKA_GROUP_ID", databases.name());
        if (name.equals(IN_CUTS)) {
            environment.put("STREAM", databases.name());
        } else {
            environment.put("TOPIC", databases.name());
            environment.put("DLQ_TOPIC", databases.name() + "_dlq");
        }
        return environment;
    }
}
