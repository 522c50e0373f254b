package io.rowrelay.it.stack;

import io.rowrelay.it.stack.Link.Protocol;
import io.rowrelay.sandbox.stack.BrokerCluster;
import io.rowrelay.sandbox.stack.BrokerProcess;
import io.rowrelay.sandbox.stack.KafkaListener;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.sandbox.stack.StackBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * Two servers and a broker, or a cluster of brokers, of their own, each a process that can be killed, and a link on each of the four ways to them.
 * The databases have the tables of the shipped stream. Safe for any thread.
 */
public final class LinkedStack implements AutoCloseable {
    /** A broker asks again for the password after this long, so that a client with a former one is found out. */
    private static final String PASSWORD_LIFETIME_MS = "1000";

    private static final String PASSWORDS = "PASSWORDS";

    private final Stack stack;
    private final List<Integer> passwordPorts;
    private final List<BrokerProcess> brokers;
    private final Link sourceToProducer;
    private final Link producerToBroker;
    private final Link brokerToConsumer;
    private final Link consumerToDestination;

    private LinkedStack(Stack stack, Link producerToBroker, Link brokerToConsumer, List<Integer> passwordPorts) {
        this.stack = stack;
        this.passwordPorts = passwordPorts;
        this.brokers = stack.kafka() instanceof BrokerCluster cluster
                ? cluster.brokers()
                : List.of((BrokerProcess) stack.kafka());
        this.producerToBroker = producerToBroker;
        this.brokerToConsumer = brokerToConsumer;
        this.sourceToProducer = new Link(stack.source().port(), Protocol.BYTES);
        this.consumerToDestination = new Link(stack.destination().port(), Protocol.BYTES);
    }

    /** The one that tests of this JVM share; it ends with the JVM. */
    public static LinkedStack shared() {
        return Shared.STACK;
    }

    private static final class Shared {
        private static final LinkedStack STACK =
                start(Map.of("fsync", "off", "max_connections", "200", "log_min_messages", "fatal"));
    }

    /** Starts everything; the parameters are those of the PostgreSQL servers, beside the suite's own. */
    public static LinkedStack start(Map<String, String> postgresParameters) {
        return start(Stack.builder(), postgresParameters, 1);
    }

    /** The same with so many brokers that form a cluster. */
    public static LinkedStack startCluster(int brokers, Map<String, String> postgresParameters) {
        return start(Stack.builder(), postgresParameters, brokers);
    }

    /** Starts everything in a directory, which stays. */
    public static LinkedStack startIn(Path directory, Map<String, String> postgresParameters, int brokers) {
        return start(Stack.builder().directory(directory), postgresParameters, brokers);
    }

    private static LinkedStack start(StackBuilder builder, Map<String, String> postgresParameters, int brokers) {
        List<Integer> producersPorts = freePorts(brokers);
        List<Integer> consumersPorts = freePorts(brokers);
        List<Integer> passwordPorts = freePorts(brokers);
        Link producerToBroker = new Link(producersPorts, Protocol.KAFKA);
        Link brokerToConsumer = new Link(consumersPorts, Protocol.KAFKA);
        builder.brokerInItsOwnProcess()
                .brokerCluster(brokers)
                // A consumer that was killed holds its partitions for its session's time-out: tests need not wait long.
                .kafkaProperty("group.min.session.timeout.ms", "1000")
                .kafkaListener(listeners("PRODUCERS", producersPorts, producerToBroker.ports()))
                .kafkaListener(listeners("CONSUMERS", consumersPorts, brokerToConsumer.ports()))
                .kafkaListener(passwordPorts.stream()
                        .map(port -> new KafkaListener(PASSWORDS, port, port, SecurityProtocol.SASL_PLAINTEXT))
                        .toList())
                .kafkaProperty("sasl.enabled.mechanisms", "SCRAM-SHA-256")
                .kafkaProperty(scram("sasl.jaas.config"), ScramLoginModule.class.getName() + " required;")
                .kafkaProperty(scram("connections.max.reauth.ms"), PASSWORD_LIFETIME_MS);
        postgresParameters.forEach(builder::postgresParameter);
        return new LinkedStack(builder.start(), producerToBroker, brokerToConsumer, passwordPorts);
    }

    private static String scram(String property) {
        return "listener.name." + PASSWORDS.toLowerCase(Locale.ROOT) + ".scram-sha-256." + property;
    }

    private static List<Integer> freePorts(int count) {
        return Stream.generate(Ports::anyFree).distinct().limit(count).toList();
    }

    private static List<KafkaListener> listeners(String name, List<Integer> ports, List<Integer> advertised) {
        return IntStream.range(0, ports.size())
                .mapToObj(each -> new KafkaListener(name, ports.get(each), advertised.get(each)))
                .toList();
    }

    /** The environment of daemons that go by the links; further names are the caller's to add. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("SOURCE_DB_URL", through(sourceToProducer, "source"));
        environment.put("DESTINATION_DB_URL", through(consumerToDestination, "destination"));
        environment.put("HTTP_PORT", "0");
        environment.put("HTTP_HOST", Ports.LOOPBACK);
        return environment;
    }

    /** The same for a producer. */
    public Map<String, String> producerEnvironment() {
        return with(environment(), bootstrapServers(producerToBroker));
    }

    /** The same for a consumer. */
    public Map<String, String> consumerEnvironment() {
        return with(environment(), bootstrapServers(brokerToConsumer));
    }

    static String bootstrapServers(Link link) {
        return addresses(link.ports());
    }

    private static String addresses(List<Integer> ports) {
        return ports.stream().map(port -> Ports.LOOPBACK + ":" + port).collect(Collectors.joining(","));
    }

    private static Map<String, String> with(Map<String, String> environment, String bootstrapServers) {
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        return environment;
    }

    private static String through(Link link, String database) {
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + link.port() + "/" + database;
    }

    /** Where files {@code *.pid} name processes to end should this JVM be killed. */
    public Path processes() {
        return stack.processes();
    }

    /** The source server; its database is {@code source}. */
    public PostgresServer source() {
        return stack.source();
    }

    /** The destination server; its database is {@code destination}. */
    public PostgresServer destination() {
        return stack.destination();
    }

    /** The broker, where there is one only. */
    public BrokerProcess broker() {
        if (brokers.size() > 1) {
            throw new IllegalStateException("there are " + brokers.size() + " brokers");
        }
        return brokers.get(0);
    }

    /** The brokers; the first is node 1. */
    public List<BrokerProcess> brokers() {
        return brokers;
    }

    /** Where a test reaches the brokers past the links. */
    public String bootstrapServers() {
        return stack.kafka().bootstrapServers();
    }

    /** Where brokers ask for user and password (SASL_PLAINTEXT, SCRAM-SHA-256), and every second again; no link leads there. */
    public String passwordServers() {
        return addresses(passwordPorts);
    }

    public Link sourceToProducer() {
        return sourceToProducer;
    }

    public Link producerToBroker() {
        return producerToBroker;
    }

    public Link brokerToConsumer() {
        return brokerToConsumer;
    }

    public Link consumerToDestination() {
        return consumerToDestination;
    }

    /** Ends every connection over every link: nothing arrives any more of what was on its way. */
    public void dropConnections() {
        sourceToProducer.dropConnections();
        producerToBroker.dropConnections();
        brokerToConsumer.dropConnections();
        consumerToDestination.dropConnections();
    }

    /** Lets every link carry everything. */
    public void heal() {
        sourceToProducer.heal();
        producerToBroker.heal();
        brokerToConsumer.heal();
        consumerToDestination.heal();
    }

    @Override
    public void close() {
        sourceToProducer.close();
        producerToBroker.close();
        brokerToConsumer.close();
        consumerToDestination.close();
        stack.close();
    }
}
