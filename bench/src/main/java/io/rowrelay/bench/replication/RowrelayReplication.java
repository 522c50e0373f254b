package io.rowrelay.bench.replication;

import io.rowrelay.bench.machine.Processes;
import io.rowrelay.sandbox.daemon.Daemon;
import io.rowrelay.sandbox.daemon.DaemonSettings;
import io.rowrelay.sandbox.daemon.ProcessFile;
import io.rowrelay.sandbox.daemon.Project;
import io.rowrelay.sandbox.stack.BrokerProcess;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The two daemons, run from their jars, with a topic of their own. Stopping and starting may come from two threads. */
public final class RowrelayReplication implements Replication {
    public static final String NAME = "rowrelay";
    /** What docs/performance.md advises for small daemons, beside {@link Project#jvmOptions}. */
    public static final String HEAP = "-Xmx192m";

    public static final String PRODUCER = "producer";
    public static final String CONSUMER = "consumer";

    private final Stack stack;
    private final Project project;
    private final ClassArchives archives;
    private final DatabasePair databases;
    private final Path logs;
    private final List<Daemon> daemons = new ArrayList<>();
    private boolean closed;

    RowrelayReplication(Stack stack, Project project, ClassArchives archives, DatabasePair databases, Path logs) {
        this.stack = stack;
        this.project = project;
        this.archives = archives;
        this.databases = databases;
        this.logs = logs;
    }

    @Override
    public String name() {
        return NAME;
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
        daemons().forEach(Daemon::awaitReady);
    }

    @Override
    public synchronized void stop() {
        daemons.forEach(Daemon::stop);
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

    private synchronized List<Daemon> daemons() {
        return List.copyOf(daemons);
    }

    private synchronized void run(String kind, String name, String role, PostgresServer server) {
        if (closed) {
            throw new IllegalStateException("The replication is closed");
        }
        String file = databases.name() + "-" + name;
        daemons.add(Daemon.start(new DaemonSettings(
                kind,
                project.daemonJar(kind),
                Ports.anyFree(),
                environment(kind, role, server),
                logs.resolve(file + ".log"),
                new ProcessFile(stack.processes().resolve(file + ".pid")))));
    }

    private Map<String, String> environment(String kind, String role, PostgresServer server) {
        Map<String, String> environment = new HashMap<>();
        environment.put(role + "_DB_URL", server.jdbcUrl(databases.name()));
        environment.put(role + "_DB_USER", PostgresServer.USER);
        environment.put(role + "_DB_PASSWORD", PostgresServer.PASSWORD);
        environment.put(
                "JDK_JAVA_OPTIONS", "\"@%s\" %s %s".formatted(project.jvmOptions(), HEAP, archives.option(kind)));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafka().bootstrapServers());
        environment.put("TOPIC", databases.name());
        environment.put("DLQ_TOPIC", databases.name() + "_dlq");
        environment.put("KAFKA_GROUP_ID", databases.name());
        return environment;
    }
}
