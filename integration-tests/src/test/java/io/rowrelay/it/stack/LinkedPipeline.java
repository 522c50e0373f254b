package io.rowrelay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One stream of the shipped tables over a linked stack that tests share: databases, topics and daemons, each daemon a
 * process of its own, that belong to one test. Not thread-safe.
 */
public final class LinkedPipeline implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String ROWS =
            "SELECT ROW(emp_id, first_name, last_name, dob, city, salary)::text FROM employees ORDER BY emp_id";

    private final LinkedStack stack;
    private final String name = "linked_" + NUMBER.incrementAndGet();
    private final Map<String, String> settings = new HashMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** New databases and a new topic, of one partition unless said otherwise, and no daemon yet. */
    public LinkedPipeline(LinkedStack stack) {
        this.stack = stack;
        Databases.create(stack.source().jdbcUrl(), name, "source");
        Databases.create(stack.destination().jdbcUrl(), name, "destination");
        settings.put("SOURCE_DB_URL", url(stack.sourceToProducer().port()));
        settings.put("DESTINATION_DB_URL", url(stack.consumerToDestination().port()));
        settings.put("TOPIC", name);
        settings.put("DLQ_TOPIC", deadLetterTopic());
        settings.put("KAFKA_GROUP_ID", name);
        settings.put("TOPIC_PARTITIONS", "1");
        settings.put("KAFKA_SESSION_TIMEOUT_MS", "3000");
        settings.put("KAFKA_HEARTBEAT_INTERVAL_MS", "500");
        settings.put("HTTP_PORT", "0");
        settings.put("HTTP_HOST", "127.0.0.1");
    }

    private String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    /** Gives the daemons started from now on a setting. */
    public LinkedPipeline with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Starts a producer, which goes by its links unless settings say otherwise, and waits until it is ready. */
    public DaemonProcess startProducer(Map<String, String> further) {
        return start("producer", stack.producerToBroker(), further).awaitReady();
    }

    /** Starts a producer and waits until it is ready. */
    public DaemonProcess startProducer() {
        return startProducer(Map.of());
    }

    /** Starts a consumer, which goes by its links unless settings say otherwise; it need not become ready. */
    public DaemonProcess startConsumer(Map<String, String> further) {
        return start("consumer", stack.brokerToConsumer(), further);
    }

    /** Starts a consumer and waits until it is ready. */
    public DaemonProcess startConsumer() {
        return startConsumer(Map.of()).awaitReady();
    }

    private DaemonProcess start(String daemon, Link broker, Map<String, String> further) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", LinkedStack.bootstrapServers(broker));
        environment.putAll(further);
        DaemonProcess started = new DaemonProcess(daemon, environment);
        open.push(started);
        return started;
    }

    /** Kills a daemon, loses what it had on its way to the servers, and lets all links carry everything again. */
    public void kill(DaemonProcess daemon) {
        daemon.kill();
        stack.dropConnections();
        stack.heal();
    }

    /** The topic of the stream. */
    public String topic() {
        return name;
    }

    /** The dead-letter topic of the stream. */
    public String deadLetterTopic() {
        return name + "_dlq";
    }

    /** The source's JDBC URL, past the links. */
    public String sourceUrl() {
        return stack.source().jdbcUrl(name);
    }

    /** The destination's JDBC URL, past the links. */
    public String destinationUrl() {
        return stack.destination().jdbcUrl(name);
    }

    /** Opens a session, past the links, that is closed with the pipeline. */
    public Connection session(String url) {
        Connection session = Databases.connect(url);
        open.push(session);
        return session;
    }

    /** Inserts so many rows into the source in one statement. */
    public void insert(int rows) {
        Employees.insert(sourceUrl(), rows);
    }

    /** The action_ids of what lies on the topic, partition by partition. */
    public List<Long> published() {
        return Topics.read(stack.bootstrapServers(), topic()).stream()
                .map(record -> Topics.actionId(record.value()))
                .toList();
    }

    /** What lies on the dead-letter topic. */
    public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return Topics.read(stack.bootstrapServers(), deadLetterTopic());
    }

    /** How many records of the topic the group has finished, as its committed offsets say. */
    public long committed() {
        return Topics.committed(stack.bootstrapServers(), name).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The last action_id that the stored checkpoint covers. */
    public long checkpoint() {
        return Long.parseLong(Databases.query(sourceUrl(), "SELECT last_action_id FROM cdc_offset")
                .get(0));
    }

    /** The rows of the source as text. */
    public List<String> sourceRows() {
        return Databases.query(sourceUrl(), ROWS);
    }

    /** The rows of the destination as text, with the source's columns only. */
    public List<String> destinationRows() {
        return Databases.query(destinationUrl(), ROWS);
    }

    /** Waits until both sides are equal and everything published is finished by the group. */
    public void awaitFinished() {
        await("source and destination to be equal")
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(destinationRows()).isEqualTo(sourceRows()));
        await("all offsets to be committed")
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(committed())
                        .isEqualTo(
                                Topics.read(stack.bootstrapServers(), topic()).size()));
    }

    /** Waits until a daemon's session waits for a lock, in a statement like the one given. */
    public void awaitLockWait(String url, String statement) {
        await("a daemon to wait for a lock in " + statement)
                .atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(Databases.query(
                                url,
                                "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND application_name LIKE 'rowrelay-%' AND wait_event_type = 'Lock'"))
                        .anyMatch(query -> query.contains(statement)));
    }

    /** Ends the daemons' sessions on a server, as an administrator does. */
    public void terminateSessions(String url) {
        Databases.query(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name LIKE 'rowrelay-%'");
    }

    /** Kills what still runs and heals the links; databases and topics are left to the end of the stack. */
    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        stack.dropConnections();
        stack.heal();
    }
}
