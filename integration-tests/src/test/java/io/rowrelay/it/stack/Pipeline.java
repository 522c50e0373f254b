package io.rowrelay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.consumer.ConsumerDaemon;
import io.rowrelay.consumer.ConsumerSettings;
import io.rowrelay.producer.ProducerDaemon;
import io.rowrelay.producer.ProducerSettings;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One stream from a source database to a destination database, both new, over a topic of its own. Daemons run in this
 * JVM, configured by the environment that their jars would be given.
 */
public final class Pipeline implements AutoCloseable {
    /** How long the slowest machine may take to bring a change over. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Backend backend = Backend.running();
    private final String name = "it_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    private final Map<String, String> environment = new TreeMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Pipeline() {
        environment.put("SOURCE_DB_URL", backend.sourceUrl(name));
        environment.put("DESTINATION_DB_URL", destinationUrl());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", backend.bootstrapServers());
        environment.put("TOPIC", name);
        environment.put("DLQ_TOPIC", name + "_dlq");
        environment.put("KAFKA_GROUP_ID", name);
        environment.put("CAPTURE_CHECK_INTERVAL", "500ms");
        environment.put("HTTP_PORT", "0");
        environment.put("HTTP_HOST", "127.0.0.1");
    }

    /** New databases with the tables of the shipped stream, a new topic, and no daemon yet. */
    public static Pipeline create() {
        Pipeline pipeline = new Pipeline();
        pipeline.createDatabases();
        return pipeline;
    }

    private void createDatabases() {
        Databases.create(backend.sourceUrl("postgres"), name, "source");
        Databases.create(backend.destinationUrl("postgres"), name, "destination");
    }

    /** Gives both daemons started from now on a setting. */
    public Pipeline with(String setting, String value) {
        environment.put(setting, value);
        return this;
    }

    /** What the daemons are given as environment. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** The topic of the stream. */
    public String topic() {
        return name;
    }

    /** The dead-letter topic of the stream. */
    public String deadLetterTopic() {
        return name + "_dlq";
    }

    /** Where the broker is. */
    public String bootstrapServers() {
        return backend.bootstrapServers();
    }

    /** The JDBC URL of the source database: that of the backend, or another that was set. */
    public String sourceUrl() {
        return environment.getOrDefault("SOURCE_DB_URL", backend.sourceUrl(name));
    }

    /** The JDBC URL of the destination database. */
    public String destinationUrl() {
        return backend.destinationUrl(name);
    }

    /** Opens a session on the source that is closed with the pipeline. */
    public Connection source() {
        return opened(Databases.connect(sourceUrl()));
    }

    /** Opens a session on the destination that is closed with the pipeline. */
    public Connection destination() {
        return opened(Databases.connect(destinationUrl()));
    }

    /** Starts a producer that ends with the pipeline, or before. */
    public RunningDaemon startProducer() {
        ProducerSettings settings = ProducerSettings.read(SettingsSource.of(environment));
        return opened(new RunningDaemon(
                "producer of " + name,
                (readiness, stop) -> ProducerDaemon.run(settings, readiness, new SimpleMeterRegistry(), stop)));
    }

    /** Starts a consumer that ends with the pipeline, or before. */
    public RunningDaemon startConsumer() {
        ConsumerSettings settings = ConsumerSettings.read(SettingsSource.of(environment));
        return opened(new RunningDaemon(
                "consumer of " + name,
                (readiness, stop) -> ConsumerDaemon.run(settings, readiness, new SimpleMeterRegistry(), stop)));
    }

    /** Starts one of each. */
    public Pipeline start() {
        startProducer();
        startConsumer();
        return this;
    }

    /** Waits until every row of the table is the same on both sides, and says which are not when that does not come. */
    public void awaitEqual(String table) {
        await("source and destination to be equal")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(destinationRows(table)).isEqualTo(sourceRows(table)));
    }

    /** Waits until the shipped stream's table is the same on both sides. */
    public void awaitEqual() {
        awaitEqual("employees");
    }

    /** Waits until the shipped stream's table has so many rows in the destination. */
    public void awaitRows(int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Databases.query(destinationUrl(), "SELECT count(*) FROM employees"))
                        .containsExactly("" + count));
    }

    /** Waits until so many dead letters are there, and returns all that are. */
    public List<ConsumerRecord<byte[], byte[]>> awaitDeadLetters(int count) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Topics.read(bootstrapServers(), deadLetterTopic()), dead -> dead.size() >= count);
    }

    /** The rows of a table in the source as text, in a fixed order. */
    public List<String> sourceRows(String table) {
        return Databases.query(sourceUrl(), rows(table));
    }

    /** The rows of a table in the destination as text, in a fixed order, with the source's columns only. */
    public List<String> destinationRows(String table) {
        return Databases.query(destinationUrl(), rows(table));
    }

    /** The source's column order is the destination's, whose further columns come behind. */
    private String rows(String table) {
        List<String> columns = Databases.query(
                sourceUrl(),
                "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '" + table
                        + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
        return "SELECT r FROM (SELECT ROW(" + String.join(", ", columns) + ")::text AS r FROM " + table
                + ") printed ORDER BY r COLLATE \"C\"";
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    /** Stops what still runs; the databases and topics are left to the end of the backend. */
    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
