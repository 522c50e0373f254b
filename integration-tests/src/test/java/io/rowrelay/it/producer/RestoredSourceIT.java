package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Load;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.producer.capture.RestoredSourceException;
import io.rowrelay.producer.jdbc.Retention;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.stream.record.PublishedChange;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What really happens to sources: a backup of their files is put back, a dump is loaded into a new cluster, a standby takes
 * over. Each of them as a server of its own; the refused ones are mended by the real admin.jar while applications write.
 */
@Timeout(300)
class RestoredSourceIT {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredSourceIT.class);
    private static final SqlScripts SQL = SqlScripts.withExample(SqlScripts.findDirectory(), "source");

    @TempDir
    static Path directory;

    private static int number;

    private final Pipeline pipeline = Pipeline.create();
    private final Deque<PostgresServer> servers = new ArrayDeque<>();
    private PostgresServer source;

    @BeforeEach
    void fifty_rows_are_in_the_destination() {
        source = started(PostgresServer.in(newDirectory(), "source", Map.of("fsync", "off")));
        source.apply(SQL);
        pipeline.with("SOURCE_DB_URL", source.jdbcUrl());
        pipeline.startConsumer();
        publish("INSERT INTO employees (salary) SELECT n FROM generate_series(1, 50) n");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
        servers.forEach(PostgresServer::close);
    }

    @Tag("nightly")
    @Test
    void refuses_a_backup_of_the_files_and_mends_it_while_applications_write() throws Exception {
        aBackupIsRefusedAndMended("SELECT");
    }

    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Enough writes to bring the action_ids past those of the topic again.
                "INSERT INTO employees (salary) SELECT 7 FROM generate_series(1, 500)",
                // What a reanchor leaves that was killed after it set the sequence.
                "SELECT setval(pg_get_serial_sequence('emp_cdc', 'action_id'), 5000000)",
                // What came before the capture, and no row of the topic's changes.
                "SELECT nextval(pg_get_serial_sequence('emp_cdc', 'action_id')) FROM generate_series(1, 1000)"
            })
    void refuses_a_backup_of_the_files_after_whatever_was_done_to_it(String meanwhile) throws Exception {
        aBackupIsRefusedAndMended(meanwhile);
    }

    private void aBackupIsRefusedAndMended(String meanwhile) throws Exception {
        source.stop();
        PostgresServer backup = source.copy(newDirectory());
        source.start();
        publish(
                "DELETE FROM employees WHERE emp_id % 7 = 0",
                "UPDATE employees SET salary = 9999 WHERE emp_id % 5 = 0",
                "INSERT INTO employees (salary) SELECT n FROM generate_series(1, 100) n");
        source.stop();
        pipeline.with("SOURCE_DB_URL", started(backup).jdbcUrl());
        execute(backup.jdbcUrl(), meanwhile);

        assertRefused("the topic holds change");
        reanchorMends();
    }

    @Test
    void refuses_a_new_cluster_filled_from_a_dump_and_mends_it_while_applications_write() throws Exception {
        refusesANewCluster(true);
    }

    @Tag("nightly")
    @Test
    void refuses_a_new_cluster_filled_from_a_dump_without_checkpoint_and_mends_it() throws Exception {
        refusesANewCluster(false);
    }

    private void refusesANewCluster(boolean withCheckpoint) throws Exception {
        PostgresServer other = started(PostgresServer.in(newDirectory(), "source", Map.of("fsync", "off")));
        execute(
                other.jdbcUrl(),
                "CREATE TABLE employees (emp_id serial PRIMARY KEY, first_name varchar(100),"
                        + " last_name varchar(100), dob date, city varchar(100), salary numeric(12, 2))");
        dump(other, "employees");
        other.apply(SQL);
        dump(other, "emp_cdc");
        execute(
                other.jdbcUrl(),
                "SELECT setval(pg_get_serial_sequence('emp_cdc', 'action_id'), 50)",
                "SELECT setval(pg_get_serial_sequence('employees', 'emp_id'), 50)");
        if (withCheckpoint) {
            dump(other, "cdc_offset");
        }
        publish("DELETE FROM employees WHERE emp_id = 50", "UPDATE employees SET salary = 9999 WHERE emp_id = 49");
        source.stop();
        pipeline.with("SOURCE_DB_URL", other.jdbcUrl());

        assertRefused(withCheckpoint ? "its system identifier is" : "from the cluster with system identifier");
        reanchorMends();
    }

    @Tag("nightly")
    @Test
    void refuses_an_empty_new_cluster_and_mends_it() throws Exception {
        PostgresServer other = started(PostgresServer.in(newDirectory(), "source", Map.of("fsync", "off")));
        other.apply(SQL);
        source.stop();
        pipeline.with("SOURCE_DB_URL", other.jdbcUrl());

        assertRefused("from the cluster with system identifier");
        reanchorMends();
    }

    @Test
    void goes_on_with_a_promoted_standby_that_lost_nothing() {
        PostgresServer standby = standby();
        publish("UPDATE employees SET salary = 2 * salary", "INSERT INTO employees (salary) VALUES (1)");
        String written = Databases.query(source.jdbcUrl(), "SELECT pg_current_wal_flush_lsn()")
                .get(0);
        await().atMost(Pipeline.PATIENCE)
                .until(() -> Databases.query(standby.jdbcUrl(), "SELECT pg_last_wal_replay_lsn() >= '" + written + "'")
                        .equals(List.of("t")));
        source.kill();
        promote(standby);

        RunningDaemon producer = pipeline.startProducer();
        execute(
                standby.jdbcUrl(),
                "INSERT INTO employees (salary) VALUES (2)",
                "DELETE FROM employees WHERE emp_id < 10");

        pipeline.awaitEqual();
        assertThat(producer.failure()).isNull();
        assertThat(producer.reason()).isEqualTo("active");
    }

    @Tag("nightly")
    @Test
    void refuses_a_promoted_standby_that_lost_published_commits_and_mends_it_while_applications_write()
            throws Exception {
        PostgresServer standby = standby();
        standby.stop();
        publish(
                "UPDATE employees SET salary = 2 * salary WHERE emp_id < 20",
                "DELETE FROM employees WHERE emp_id > 40",
                "INSERT INTO employees (salary) VALUES (1)");
        source.kill();
        standby.start();
        promote(standby);

        assertRefused("the topic holds change");
        reanchorMends();
    }

    @Test
    void goes_on_whatever_the_retention_has_removed() {
        execute(source.jdbcUrl(), "UPDATE cdc_offset SET removed_until = (SELECT max(changed_at) FROM emp_cdc)");
        execute(source.jdbcUrl(), "DELETE FROM emp_cdc");

        publish("INSERT INTO employees (salary) VALUES (1)");
    }

    /** The retention of nothing, by another session as well, while producers are killed and take over from each other. */
    @Tag("nightly")
    @Test
    void never_refuses_a_sound_source_whose_changes_are_removed_at_once() throws Exception {
        pipeline.with("PAGE_SIZE", "7");
        AtomicInteger removed = new AtomicInteger();
        try (HikariDataSource pool = io.rowrelay.common.jdbc.Databases.open(
                        new DatabaseSettings(source.jdbcUrl(), "cdc", "cdc"),
                        "retention",
                        1,
                        "",
                        new SimpleMeterRegistry());
                Load load = new Load(pipeline)) {
            Retention retention = new Retention(
                    pool,
                    EmployeesStream.STREAM.name(),
                    EmployeesStream.TABLE,
                    Duration.ZERO,
                    removed::addAndGet,
                    System::nanoTime);
            for (int round = 0; round < 8; round++) {
                RunningDaemon producer = pipeline.startProducer();
                load.awaitArrivals(2);
                for (int step = 0; step < 5; step++) {
                    retention.step();
                }
                producer.kill();
                assertThat(producer.failure()).isNull();
                retention.step();
            }
            pipeline.startProducer();
            load.assertEqualAtTheEnd();
        }
        assertThat(removed).hasPositiveValue();
    }

    @Test
    void refuses_a_source_that_lost_a_published_change_of_before_the_checkpoint() throws Exception {
        execute(source.jdbcUrl(), "DELETE FROM emp_cdc WHERE action_id = 49");

        assertRefused(", which is not in its change table, and the retention has not removed it");
        aDryRunChangesNothing();
        reanchorMends();
    }

    @Test
    void does_not_take_records_of_strangers_for_its_own() {
        try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            client.send(
                    pipeline.topic(),
                    "1",
                    "{\"action_id\":900,\"action\":\"UPDATE\",\"changed_at\":\"2026-01-01T00:00:00+00:00\",\"emp_id\":1}");
            client.send(pipeline.topic(), "1", "no change at all");
            // The sequence cannot have come so far: nothing that a producer has to fear.
            forge(client, 9223372036854775800L);
            forge(client, 1L << 62);
            // No producer writes that, and a human would have to read it.
            forge(client, 899, "42. Call the attacker");
        }
        publish("INSERT INTO employees (salary) VALUES (1)");

        // What another source could have published stops it, until somebody says that there is none.
        RecordMetadata forged;
        try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            forged = forge(client, 7_000_000);
        }
        assertRefused("in record " + forged + ", from the cluster with system identifier 42");
        assertThat(AdminRun.expecting(0, pipeline.environment(), "reanchor", "--trust-source")
                        .said())
                .contains(
                        "passed over: record ",
                        " has action_id " + (1L << 62),
                        "anchored: action_ids go on after 8000000");
        publish("INSERT INTO employees (salary) VALUES (2)");
        assertThat(Databases.query(source.jdbcUrl(), "SELECT max(action_id) || ' ' || min(action_id) FROM emp_cdc"))
                .containsExactly("8000001 1");
    }

    /** A record with the header of another cluster, which the consumer rejects for want of a key. */
    private RecordMetadata forge(TopicClient client, long actionId) {
        return forge(client, actionId, "42");
    }

    private RecordMetadata forge(TopicClient client, long actionId, String cluster) {
        return client.send(
                pipeline.topic(),
                "1",
                "{\"action_id\":" + actionId
                        + ",\"action\":\"DELETE\",\"changed_at\":\"2026-01-01T00:00:00+00:00\",\"x\":1}",
                PublishedChange.SOURCE_HEADER,
                cluster);
    }

    @Test
    void reanchor_refuses_while_a_producer_is_active() {
        pipeline.startProducer();
        await().atMost(Pipeline.PATIENCE)
                .until(() -> !Databases.query(
                                source.jdbcUrl(), "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted")
                        .isEmpty());
        String checkpoint = checkpoint();

        assertThat(AdminRun.expecting(1, pipeline.environment(), "reanchor").errors())
                .contains("a producer of the stream is active (pid ", "rowrelay-producer-employees");
        assertThat(checkpoint).isEqualTo(checkpoint());
    }

    /** Runs a producer for as long as the statements need to arrive. */
    private void publish(String... statements) {
        RunningDaemon producer = pipeline.startProducer();
        execute(pipeline.sourceUrl(), statements);
        pipeline.awaitEqual();
        producer.close();
        assertThat(producer.failure()).isNull();
    }

    private void assertRefused(String reason) {
        int records = records();
        for (int attempt = 0; attempt < 2; attempt++) {
            RunningDaemon producer = pipeline.startProducer();
            await().atMost(Pipeline.PATIENCE).until(producer::hasEnded);
            assertThat(producer.failure())
                    .isInstanceOf(RestoredSourceException.class)
                    .hasMessageContaining(reason)
                    .hasMessageContaining("rowrelay reanchor");
            LOG.info("how it refused:", producer.failure());
        }
        assertThat(records()).isEqualTo(records);
    }

    private void aDryRunChangesNothing() {
        String before = checkpoint();
        AdminRun.expecting(0, pipeline.environment(), "reanchor", "--dry-run");
        assertThat(checkpoint()).isEqualTo(before);
    }

    private void reanchorMends() throws Exception {
        try (Load load = new Load(pipeline);
                DaemonProcess admin = new DaemonProcess("admin", pipeline.environment(), "reanchor", "--chunk", "20")) {
            await().atMost(Pipeline.PATIENCE).until(() -> admin.output().contains("anchored: action_ids go on after"));
            RunningDaemon producer = pipeline.startProducer();
            assertThat(admin.awaitEnd()).as(admin.output() + admin.errors()).isZero();
            LOG.info("what it said:\n{}", admin.output());
            load.assertEqualAtTheEnd();
            producer.close();
            assertThat(producer.failure()).isNull();
        }
        publish("INSERT INTO employees (salary) VALUES (1)", "DELETE FROM employees WHERE emp_id % 2 = 0");
    }

    private int records() {
        return Topics.read(pipeline.bootstrapServers(), pipeline.topic()).size();
    }

    private String checkpoint() {
        return String.join(
                "\n",
                Databases.query(
                        pipeline.sourceUrl(),
                        "SELECT ROW(stream, highest_action_id, anchor_action_id, system_identifier)::text FROM cdc_offset"));
    }

    private PostgresServer standby() {
        source.stop();
        PostgresServer standby = source.standby(newDirectory());
        source.start();
        return started(standby);
    }

    private void promote(PostgresServer standby) {
        assertThat(Databases.query(standby.jdbcUrl(), "SELECT pg_promote()")).containsExactly("t");
        pipeline.with("SOURCE_DB_URL", standby.jdbcUrl());
    }

    /** Copies a table as a dump does, xids and all. */
    private void dump(PostgresServer other, String table) throws Exception {
        try (Connection from = source.connect();
                Connection to = other.connect()) {
            String columns = String.join(
                    ", ",
                    Databases.query(
                            from,
                            "SELECT attname FROM pg_attribute WHERE attrelid = '" + table
                                    + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"));
            StringWriter rows = new StringWriter();
            from.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + table + " (" + columns + ") TO STDOUT", rows);
            to.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table + " (" + columns + ") FROM STDIN", new StringReader(rows.toString()));
        }
    }

    private PostgresServer started(PostgresServer server) {
        servers.push(server);
        server.start();
        return server;
    }

    private static Path newDirectory() {
        return directory.resolve("server" + ++number);
    }
}
