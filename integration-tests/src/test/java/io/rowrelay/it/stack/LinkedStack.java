package io.rowrelay.it.stack;

import io.rowrelay.it.stack.Link.Protocol;
import io.rowrelay.sandbox.stack.BrokerProcess;
import io.rowrelay.sandbox.stack.KafkaListener;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.sandbox.stack.StackBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Two servers and a broker of their own, each a process that can be killed, and a link on each of the four ways to them.
 * The databases have the tables of the shipped stream. Safe for any thread.
 */
public final class LinkedStack implements AutoCloseable {
    private final Stack stack;
    private final BrokerProcess broker;
    private final Link sourceToProducer;
    private final Link producerToBroker;
    private final Link brokerToConsumer;
    private final Link consumerToDestination;

    private LinkedStack(Stack stack, Link producerToBroker, Link brokerToConsumer) {
        this.stack = stack;
        this.broker = (BrokerProcess) stack.kafka();
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
        return start(Stack.builder(), postgresParameters);
    }

    /** Starts everything in a directory, which stays. */
    public static LinkedStack startIn(Path directory, Map<String, String> postgresParameters) {
        return start(Stack.builder().directory(directory), postgresParameters);
    }

    private static LinkedStack start(StackBuilder builder, Map<String, String> postgresParameters) {
        int producersPort = Ports.anyFree();
        int consumersPort = Ports.anyFree();
        Link producerToBroker = new Link(producersPort, Protocol.KAFKA);
        Link brokerToConsumer = new Link(consumersPort, Protocol.KAFKA);
        builder.brokerInItsOwnProcess()
                // A consumer that was killed holds its partitions for its session's time-out: tests need not wait long.
                .kafkaProperty("group.min.session.timeout.ms", "1000")
                .kafkaListener(new KafkaListener("PRODUCERS", producersPort, producerToBroker.port()))
                .kafkaListener(new KafkaListener("CONSUMERS", consumersPort, brokerToConsumer.port()));
        postgresParameters.forEach(builder::postgresParameter);
        return new LinkedStack(builder.start(), producerToBroker, brokerToConsumer);
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
        return with(environment(), Ports.LOOPBACK + ":" + producerToBroker.port());
    }

    /** The same for a consumer. */
    public Map<String, String> consumerEnvironment() {
        return with(environment(), Ports.LOOPBACK + ":" + brokerToConsumer.port());
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

    /** The broker, which a test reaches past the links at its bootstrap servers. */
    public BrokerProcess broker() {
        return broker;
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
