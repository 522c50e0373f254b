package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code admin.jar doctor} against a sound stream of which one thing at a time is sabotaged: it finds that thing and no
 * other, and what it prints mends it. Each test leaves the stream sound, which is asked of doctor too.
 */
@Tag("nightly")
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorIT {
    @TempDir
    Path directory;

    private final Pipeline pipeline =
            Pipeline.create().with("RECORD_SCHEMA", "none").with("RETENTION", "3650d");
    private final String role = pipeline.topic() + "_role";
    private RunningDaemon producer;
    private RunningDaemon consumer;

    @BeforeAll
    void some_rows_are_in_the_destination() {
        producer = pipeline.startProducer();
        consumer = pipeline.startConsumer();
        execute(pipeline.sourceUrl(), insert(10));
        pipeline.awaitEqual();
        execute(
                pipeline.sourceUrl(),
                "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'",
                "SELECT cdc_grant('emp_cdc', '" + role + "')");
        execute(
                pipeline.destinationUrl(),
                "DO $$ BEGIN CREATE ROLE " + role
                        + " LOGIN PASSWORD 'secret'; EXCEPTION WHEN duplicate_object THEN END $$",
                "SELECT cdc_grant_destination('employees', '" + role + "')");
        awaitSound();
    }

    @AfterEach
    void the_stream_is_sound_again() {
        awaitSound();
    }

    @AfterAll
    void close() throws Exception {
        pipeline.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trigger-disabled    | source      | ALTER TABLE employees DISABLE TRIGGER cdc_update
            trigger-missing     | source      | DROP TRIGGER cdc_delete ON employees
            trigger-not-always  | source      | ALTER TABLE employees ENABLE TRIGGER cdc_insert
            sequence-cache      | source      | ALTER TABLE emp_cdc ALTER COLUMN action_id SET CACHE 50
            capture-unsound     | source      | ALTER FUNCTION emp_cdc_insert() SECURITY INVOKER
            destination-no-action-id       | destination | ALTER TABLE employees DROP COLUMN action_id
            destination-column-missing     | destination | ALTER TABLE employees DROP COLUMN city
            destination-column-narrower    | destination | ALTER TABLE employees ALTER COLUMN city TYPE varchar(10)
            destination-column-type        | destination | ALTER TABLE employees ALTER COLUMN dob TYPE text
            destination-column-required    | destination | ALTER TABLE employees ADD COLUMN must int NOT NULL DEFAULT 0; ALTER TABLE employees ALTER COLUMN must DROP DEFAULT
            destination-column-required    | destination | ALTER TABLE employees ALTER COLUMN salary SET NOT NULL
            destination-condition          | destination | ALTER TABLE employees ADD CHECK (salary IS NULL OR salary > -1)
            destination-constraint         | destination | CREATE UNIQUE INDEX ON employees (first_name)
            destination-constraint         | destination | ALTER TABLE employees ADD UNIQUE (last_name)
            """)
    void finds_and_mends(String id, String where, String sabotage) {
        execute(where.equals("source") ? pipeline.sourceUrl() : pipeline.destinationUrl(), sabotage.split("; "));

        DoctorRun found = doctor();

        assertThat(found.ids()).as(found.said()).containsExactly(id);
        found.mend(pipeline);
    }

    @Test
    void finds_a_column_that_was_added_at_the_source_only_and_then_that_the_destination_lacks_it() {
        execute(pipeline.sourceUrl(), "ALTER TABLE employees ADD COLUMN nickname text");
        DoctorRun first = doctor();
        assertThat(first.ids()).as(first.said()).containsExactly("change-table-stale");
        first.mend(pipeline);

        DoctorRun second = awaitIds("destination-column-missing");
        second.mend(pipeline);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            source-privilege      | REVOKE DELETE ON emp_cdc FROM %s
            source-privilege      | REVOKE SELECT ON emp_cdc FROM %s
            source-privilege      | REVOKE UPDATE ON cdc_offset FROM %s
            """)
    void finds_a_privilege_that_the_producers_role_lacks(String id, String sabotage) {
        Map<String, String> asRole = environment("SOURCE_DB_USER", role, "SOURCE_DB_PASSWORD", "secret");
        assertThat(DoctorRun.of(asRole).ids()).isEmpty();
        execute(pipeline.sourceUrl(), sabotage.formatted(role));

        DoctorRun found = DoctorRun.of(asRole);

        assertThat(found.ids()).as(found.said()).containsExactly(id);
        found.mend(pipeline);
        assertThat(DoctorRun.of(asRole).ids()).isEmpty();
    }

    @Test
    void finds_a_privilege_that_the_consumers_role_lacks() {
        Map<String, String> asRole = environment("DESTINATION_DB_USER", role, "DESTINATION_DB_PASSWORD", "secret");
        execute(pipeline.destinationUrl(), "REVOKE UPDATE ON employees FROM " + role);

        DoctorRun found = DoctorRun.of(asRole);

        assertThat(found.ids()).as(found.said()).containsExactly("destination-privilege");
        found.mend(pipeline);
        assertThat(DoctorRun.of(asRole).ids()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            source-login-refused      | SOURCE_DB_USER          | nobody_of_that_name
            source-unreachable        | SOURCE_DB_URL           | jdbc:postgresql://localhost:1/source
            destination-login-refused | DESTINATION_DB_USER     | nobody_of_that_name
            destination-unreachable   | DESTINATION_DB_URL      | jdbc:postgresql://localhost:1/destination
            kafka-unreachable         | KAFKA_BOOTSTRAP_SERVERS | localhost:1
            topic-partitions          | TOPIC_PARTITIONS        | 7
            topic-replication         | TOPIC_REPLICATION_FACTOR | 3
            table-missing             | SOURCE_TABLE            | no_such_table
            change-table-missing      | CHANGE_TABLE            | no_such_cdc
            destination-table-missing | DESTINATION_TABLE       | no_such_table
            """)
    void finds_what_a_wrong_setting_points_at(String id, String setting, String value) {
        // What does not answer is waited for: not for as long as a person would.
        DoctorRun found = DoctorRun.of(environment(setting, value, "ADMIN_TIMEOUT", "5s"));

        assertThat(found.ids()).as(found.said()).containsExactly(id);
    }

    @Test
    void finds_a_standby_instead_of_the_primary() {
        try (PostgresServer primary =
                PostgresServer.in(directory.resolve("primary"), "source", Map.of("fsync", "off"))) {
            primary.start();
            primary.apply(SqlScripts.withExample(SqlScripts.findDirectory(), "source"));
            primary.stop();
            try (PostgresServer standby = primary.standby(directory.resolve("standby"))) {
                primary.start();
                standby.start();

                DoctorRun found = DoctorRun.of(environment("SOURCE_DB_URL", standby.jdbcUrl()));

                assertThat(found.ids()).as(found.said()).containsExactly("source-standby");
            }
        }
    }

    @Test
    void finds_a_source_that_is_not_the_one_of_the_checkpoint() {
        execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET system_identifier = system_identifier + 1");

        DoctorRun found = doctor();

        assertThat(found.ids()).as(found.said()).containsExactly("source-restored");
        assertThat(found.commands("shell")).containsExactly("rowrelay reanchor");
        execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET system_identifier = system_identifier - 1");
    }

    @Test
    void finds_a_destination_that_is_read_only() {
        String database = "ALTER DATABASE " + pipeline.topic();
        execute(pipeline.destinationUrl(), database + " SET default_transaction_read_only = on");

        DoctorRun found = doctor();

        assertThat(found.ids()).as(found.said()).containsExactly("destination-read-only");
        execute(
                pipeline.destinationUrl(),
                "SET default_transaction_read_only = off",
                database + " RESET default_transaction_read_only");
    }

    @Test
    void finds_a_transaction_that_stays_open_and_ends_it() {
        Connection open = pipeline.source();
        execute(open, "BEGIN", insert(1));

        DoctorRun found = awaitIds("open-transaction", "--old-transaction", "1");

        found.mend(pipeline);
        assertThat(doctor("--old-transaction", "1").ids()).isEmpty();
    }

    @Test
    void finds_who_waits_for_whom() {
        Connection open = pipeline.source();
        execute(open, "BEGIN", "UPDATE employees SET city = 'x' WHERE emp_id = 1");
        CompletableFuture<Void> waits = CompletableFuture.runAsync(
                () -> execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'y' WHERE emp_id = 1"));

        DoctorRun found = awaitIds("transaction-blocks", "--late", "0");

        assertThat(found.said()).contains("for it wait pid");
        found.mend(pipeline);
        waits.join();
    }

    @Test
    void finds_a_prepared_transaction_that_was_left() {
        execute(pipeline.sourceUrl(), "BEGIN", insert(1), "PREPARE TRANSACTION 'left of " + role + "'");

        awaitIds("prepared-transaction", "--old-transaction", "1");

        execute(pipeline.sourceUrl(), "ROLLBACK PREPARED 'left of " + role + "'");
    }

    @Test
    void finds_changes_that_the_retention_should_have_removed() {
        String first = " WHERE action_id = (SELECT min(action_id) FROM emp_cdc)";
        execute(pipeline.sourceUrl(), "UPDATE emp_cdc SET changed_at = changed_at - interval '240 hours'" + first);

        DoctorRun found = DoctorRun.of(environment("RETENTION", "24h"));

        assertThat(found.ids()).as(found.said()).containsExactly("retention-behind");
        execute(pipeline.sourceUrl(), "UPDATE emp_cdc SET changed_at = changed_at + interval '240 hours'" + first);
    }

    @Test
    void finds_that_nobody_publishes() throws Exception {
        producer.close();
        execute(pipeline.sourceUrl(), insert(3));

        DoctorRun found = doctor();

        assertThat(found.ids()).as(found.said()).containsExactly("producer-missing");
        assertThat(found.said()).contains("3 changes wait");
        assertThat(found.exitCode()).isEqualTo(3);
        producer = pipeline.startProducer();
        pipeline.awaitEqual();
    }

    @Test
    void finds_that_the_stream_is_paused_and_resumes_it_by_the_command_that_it_prints() {
        admin("pause", "--by", "a test");

        DoctorRun found = doctor();

        assertThat(found.ids()).as(found.said()).containsExactly("producer-paused");
        assertThat(found.exitCode()).isZero();
        assertThat(doctor("--strict").exitCode()).isEqualTo(3);
        found.commands("shell")
                .forEach(command -> admin(command.replace("rowrelay ", "").split(" ")));
    }

    @Test
    void finds_that_nobody_applies() throws Exception {
        consumer.close();
        execute(pipeline.sourceUrl(), insert(2));

        DoctorRun found = awaitIds("consumer-missing");

        assertThat(found.said()).contains("records wait");
        consumer = pipeline.startConsumer();
        pipeline.awaitEqual();
    }

    @Test
    void finds_a_consumer_that_has_its_partitions_and_does_not_get_on() {
        Connection locked = pipeline.destination();
        execute(locked, "BEGIN", "LOCK TABLE employees IN EXCLUSIVE MODE");
        execute(pipeline.sourceUrl(), insert(2));

        awaitIds("consumer-stuck", "--late", "1");

        execute(locked, "ROLLBACK");
        pipeline.awaitEqual();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            destination-behind | SET next_offset = next_offset - 1 WHERE next_offset > 0
            topic-cut          | SET next_offset = next_offset + 1000
            topic-replaced     | SET topic_id = 'another'
            """)
    void finds_that_topic_and_destination_do_not_fit(String id, String change) throws Exception {
        // Enough for records in every partition.
        execute(pipeline.sourceUrl(), insert(200));
        pipeline.awaitEqual();
        consumer.close();
        execute(pipeline.destinationUrl(), "UPDATE cdc_progress " + change);

        awaitIds("consumer-missing," + id);

        consumer = pipeline.startConsumer();
    }

    @Test
    void finds_records_that_the_topic_dropped_before_they_were_applied() throws Exception {
        consumer.close();
        execute(pipeline.sourceUrl(), insert(20));
        awaitIds("consumer-missing");
        deleteRecords(pipeline.topic());

        DoctorRun found = awaitIds("consumer-missing,records-dropped");

        consumer = pipeline.startConsumer();
        found.commands("shell").stream()
                .filter(command -> command.endsWith("resync"))
                .forEach(command -> admin("resync"));
        pipeline.awaitEqual();
    }

    @ParameterizedTest
    @CsvSource({
        "topic-outlives-tombstones, false, retention.ms=3456000000",
        "topic-outlives-tombstones, false, retention.ms=-1",
        "topic-retention-short, false, retention.ms=7200000",
        "topic-compacted, false, cleanup.policy=compact",
        "topic-unclean-election, false, unclean.leader.election.enable=true",
        "dead-letters-forgotten, true, retention.ms=86400000"
    })
    void finds_a_setting_of_a_topic_and_prints_the_one_that_mends_it(String id, boolean dead, String setting) {
        String topic = dead ? pipeline.deadLetterTopic() : pipeline.topic();
        configure(topic, setting);

        DoctorRun found = awaitIds(id);

        String command = found.commands("shell").get(0);
        assertThat(command).contains("--entity-name " + topic + " --add-config ");
        configure(topic, command.substring(command.indexOf("--add-config ") + "--add-config ".length()));
    }

    @Test
    void finds_a_topic_that_was_deleted() {
        await().atMost(Pipeline.PATIENCE).until(() -> {
            deleteTopic(pipeline.topic());
            return doctor().ids().equals(List.of("topic-missing"));
        });
    }

    @Test
    void finds_that_the_dead_letter_topic_was_deleted() {
        await().atMost(Pipeline.PATIENCE).until(() -> {
            deleteTopic(pipeline.deadLetterTopic());
            return doctor().ids().equals(List.of("dead-letter-topic-missing"));
        });
    }

    @Test
    void finds_dead_letters() {
        try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            client.send(pipeline.topic(), "1", "no change");
        }
        assertThat(awaitIds("dead-letters").commands("shell")).containsExactly("rowrelay dlq list");

        // Or another test's consumer that reads the topic again makes it one once more.
        deleteRecords(pipeline.topic());
        deleteRecords(pipeline.deadLetterTopic());
        execute(pipeline.destinationUrl(), "DELETE FROM cdc_dead_letter_seen");
    }

    @Test
    void tells_everything_that_is_wrong_at_once() {
        execute(pipeline.sourceUrl(), "ALTER TABLE employees DISABLE TRIGGER cdc_update");
        execute(pipeline.destinationUrl(), "CREATE UNIQUE INDEX ON employees (first_name)");

        DoctorRun found = DoctorRun.of(environment("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "ADMIN_TIMEOUT", "5s"));

        assertThat(found.ids()).containsExactly("trigger-disabled", "kafka-unreachable", "destination-constraint");
        assertThat(found.said()).contains("because of kafka-unreachable");
        found.mend(pipeline);
    }

    private static String insert(int rows) {
        return "INSERT INTO employees (salary) SELECT n FROM generate_series(1, " + rows + ") n";
    }

    private DoctorRun doctor(String... options) {
        return DoctorRun.of(environment("RETENTION", "3650d"), options);
    }

    private Map<String, String> environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        for (int place = 0; place < namesAndValues.length; place += 2) {
            environment.put(namesAndValues[place], namesAndValues[place + 1]);
        }
        return environment;
    }

    private void awaitSound() {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(doctor().ids()).isEmpty());
    }

    /** Until exactly these, joined by commas, are found. */
    private DoctorRun awaitIds(String ids, String... options) {
        DoctorRun[] last = new DoctorRun[1];
        await().atMost(Pipeline.PATIENCE).untilAsserted(() -> {
            last[0] = doctor(options);
            assertThat(last[0].ids()).as(last[0].said()).containsExactly(ids.split(","));
        });
        return last[0];
    }

    private void admin(String... arguments) {
        AdminRun.expecting(0, pipeline.environment(), arguments);
    }

    private Admin kafka() {
        return Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()));
    }

    private void deleteTopic(String topic) throws InterruptedException {
        try (Admin kafka = kafka()) {
            kafka.deleteTopics(List.of(topic)).all().get();
        } catch (ExecutionException gone) {
            // It is not back yet.
        }
    }

    private void configure(String topic, String settings) {
        List<AlterConfigOp> changes = Arrays.stream(settings.split(","))
                .map(setting -> setting.split("="))
                .map(pair -> new AlterConfigOp(new ConfigEntry(pair[0], pair[1]), AlterConfigOp.OpType.SET))
                .toList();
        try (Admin kafka = kafka()) {
            kafka.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                    .all()
                    .get();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void deleteRecords(String topic) {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int partition = 0; partition < 6; partition++) {
            all.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(-1));
        }
        try (Admin kafka = kafka()) {
            kafka.deleteRecords(all).all().get();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
