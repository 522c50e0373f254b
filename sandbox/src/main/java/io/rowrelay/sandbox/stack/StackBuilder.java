package io.rowrelay.sandbox.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a {@link Stack} and starts it. Not safe for use by several threads. */
public final class StackBuilder {
    private final Map<String, String> postgresParameters = new HashMap<>();
    private final Map<String, String> kafkaProperties = new HashMap<>();
    private final List<List<KafkaListener>> kafkaListeners = new ArrayList<>();
    private @Nullable Path directory;
    private @Nullable Path sqlDirectory;
    private boolean withTables = true;
    private boolean closeAtExit = true;
    private boolean brokerInItsOwnProcess;
    private boolean randomPasswords;
    private boolean secured;
    private int brokers = 1;
    private int sourcePort;
    private int destinationPort;
    private int kafkaPort;

    StackBuilder() {
        // For tests of two-phase commit; PostgreSQL's default is none.
        postgresParameters.put("max_prepared_transactions", "10");
    }

    /** Keeps everything in this directory, and continues with what is there. */
    public StackBuilder directory(Path kept) {
        this.directory = kept;
        return this;
    }

    /** Takes the scripts from here instead of the project's {@code sql}; the same two subdirectories are expected. */
    public StackBuilder sqlDirectory(Path sql) {
        this.sqlDirectory = sql;
        return this;
    }

    /** Leaves the databases empty. */
    public StackBuilder withoutTables() {
        this.withTables = false;
        return this;
    }

    /** Gives the superusers passwords that no other user of the machine knows: {@link PostgresServer#password}. */
    public StackBuilder randomPasswords() {
        this.randomPasswords = true;
        return this;
    }

    /** Leaves it to the caller to close the stack when the JVM ends, because something else must stop before. */
    public StackBuilder withoutCloseAtExit() {
        this.closeAtExit = false;
        return this;
    }

    /** The ports; zero, the default, is any free one. */
    public StackBuilder ports(int source, int destination, int kafka) {
        this.sourcePort = source;
        this.destinationPort = destination;
        this.kafkaPort = kafka;
        return this;
    }

    /** Sets a parameter of both PostgreSQL servers, such as {@code fsync}. */
    public StackBuilder postgresParameter(String name, String value) {
        postgresParameters.put(name, value);
        return this;
    }

    /** Sets a property of the broker, such as {@code message.max.bytes}. */
    public StackBuilder kafkaProperty(String name, String value) {
        kafkaProperties.put(name, value);
        return this;
    }

    /** Gives each broker a further way in, that of the first broker first, beside the one of {@link KafkaBroker#bootstrapServers}. */
    public StackBuilder kafkaListener(List<KafkaListener> oneForEachBroker) {
        kafkaListeners.add(List.copyOf(oneForEachBroker));
        return this;
    }

    /** Lets in nobody without TLS and a login, in Kafka with ACLs: {@link Stack#security} says how to get in. For one broker only. */
    public StackBuilder secured() {
        this.secured = true;
        return this;
    }

    /** Runs the broker in a JVM of its own, so that it can be killed: it is a {@link BrokerProcess} then. */
    public StackBuilder brokerInItsOwnProcess() {
        this.brokerInItsOwnProcess = true;
        return this;
    }

    /** A cluster of this many brokers, each in a JVM of its own: a {@link BrokerCluster}. The directory cannot be used again. */
    public StackBuilder brokerCluster(int size) {
        this.brokers = size;
        return this;
    }

    /** Builds the stack and starts it; returns when all can be used. */
    public Stack start() {
        Stack stack = build();
        stack.start();
        return stack;
    }

    /** The stack, not yet started, for a caller who may have to close it while it starts. */
    public Stack build() {
        Path sql = withTables && sqlDirectory == null ? SqlScripts.findDirectory() : sqlDirectory;
        StackDirectory home = directory == null ? StackDirectory.temporary() : StackDirectory.kept(directory);
        Unprivileged user = Unprivileged.detect();
        PostgresBinaries binaries = new PostgresBinaries(home.path().resolve("postgresql"));
        StackSecurity security = secured ? new StackSecurity(home.path().resolve("certificates")) : null;
        if (security != null) {
            kafkaListeners.add(List.of(security.listener()));
            kafkaProperties.putAll(security.brokerProperties());
        }
        Stack stack = new Stack(
                home,
                user,
                new PostgresServer(postgres(home, "source", sourcePort, security), binaries, user),
                new PostgresServer(postgres(home, "destination", destinationPort, security), binaries, user),
                broker(home),
                security,
                sql);
        if (closeAtExit) {
            stack.closeAtExit();
        }
        return stack;
    }

    private KafkaBroker broker(StackDirectory home) {
        List<KafkaNode> nodes = KafkaNode.cluster(brokers);
        if (brokers > 1) {
            return new BrokerCluster(nodes.stream()
                    .map(node -> new BrokerProcess(settings(home, node, "kafka-" + node.id(), 0), home.processes()))
                    .toList());
        }
        KafkaSettings settings = settings(home, nodes.get(0), "kafka", kafkaPort);
        return brokerInItsOwnProcess ? new BrokerProcess(settings, home.processes()) : new EmbeddedBroker(settings);
    }

    private KafkaSettings settings(StackDirectory home, KafkaNode node, String name, int port) {
        List<KafkaListener> listeners =
                kafkaListeners.stream().map(each -> each.get(node.id() - 1)).toList();
        return new KafkaSettings(node, home.path().resolve(name), port, kafkaProperties, listeners);
    }

    private PostgresSettings postgres(StackDirectory home, String name, int port, @Nullable StackSecurity security) {
        return new PostgresSettings(
                home.path().resolve(name), name, port, postgresParameters, security, randomPasswords);
    }
}
