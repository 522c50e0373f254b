package io.rowrelay.sandbox.stack;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broker in this JVM: a node that is broker and controller (KRaft), alone or with others. All methods are safe to call from any thread. */
final class EmbeddedBroker implements KafkaBroker {
    private static final String CONTROLLER = "CONTROLLER";
    private static final String CLIENTS = "CLIENTS";
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    /** A sandbox wants to start fast and stay small. */
    private static final Map<String, String> SMALL = Map.of(
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.num.partitions", "1",
            "group.initial.rebalance.delay.ms", "0",
            "num.network.threads", "2",
            "num.io.threads", "4",
            "log.cleaner.dedupe.buffer.size", "4194304");

    /** One node has no replicas to wait for. */
    private static final Map<String, String> SINGLE_NODE = Map.of(
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1");

    /** Every topic on three nodes, and an acknowledged record on two. A node that is gone is missed sooner than by default. */
    private static final Map<String, String> CLUSTER = Map.of(
            "default.replication.factor", "3",
            "min.insync.replicas", "2",
            "offsets.topic.replication.factor", "3",
            "share.coordinator.state.topic.replication.factor", "3",
            "broker.session.timeout.ms", "3000",
            "broker.heartbeat.interval.ms", "500",
            "replica.lag.time.max.ms", "3000");

    private final KafkaSettings settings;
    private final Path data;
    private final int port;
    private @Nullable KafkaRaftServer server;
    private boolean closed;

    EmbeddedBroker(KafkaSettings settings) {
        this.settings = settings;
        this.data = data(settings);
        this.port = Ports.orAnyFree(settings.port());
    }

    static Path data(KafkaSettings settings) {
        return settings.directory().resolve("data");
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("The broker is closed");
        }
        if (server != null) {
            return;
        }
        format();
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(properties()), Time.SYSTEM);
        server = starting;
        starting.startup();
        LOG.info("Kafka has started, bootstrap={}", bootstrapServers());
    }

    @Override
    public synchronized void stop() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
            LOG.info("Kafka has stopped, bootstrap={}", bootstrapServers());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        stop();
    }

    @Override
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    private void format() {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(settings.node().id())
                .setClusterId(settings.node().clusterId())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName(CONTROLLER)
                .addDirectory(Directories.create(data).toString())
                .setMetadataLogDirectory(data.toString());
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot format Kafka's directory " + data, e);
        }
    }

    private Properties properties() {
        Map<String, String> all = new HashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", Integer.toString(settings.node().id()));
        all.put("controller.quorum.voters", settings.node().voters());
        all.put("controller.listener.names", CONTROLLER);
        List<KafkaListener> clients = new ArrayList<>(settings.listeners());
        clients.add(0, new KafkaListener(CLIENTS, port, port));
        String controller =
                CONTROLLER + "://" + Ports.LOOPBACK + ":" + settings.node().controllerPort();
        all.put("listeners", joined(clients, KafkaListener::bound) + "," + controller);
        all.put("advertised.listeners", joined(clients, KafkaListener::advertised));
        all.put(
                "listener.security.protocol.map",
                joined(clients, listener -> listener.name() + ":" + listener.protocol()) + "," + CONTROLLER
                        + ":PLAINTEXT");
        all.put("inter.broker.listener.name", CLIENTS);
        all.put("log.dir", data.toString());
        all.put("auto.create.topics.enable", "false");
        all.putAll(SMALL);
        all.putAll(settings.node().isAlone() ? SINGLE_NODE : CLUSTER);
        all.putAll(settings.properties());
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    private static String joined(List<KafkaListener> listeners, Function<KafkaListener, String> form) {
        return listeners.stream().map(form).collect(Collectors.joining(","));
    }
}
