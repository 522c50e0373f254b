package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Load;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The topic, the group's offsets and the destination do not fit together any more: nothing is missed without a word. */
@Timeout(180)
class ProgressIT {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
    private static final List<String> REMEMBERED = List.of("employees", "cdc_tombstone", "cdc_progress");

    private final Pipeline pipeline = Pipeline.create().with("KAFKA_SESSION_TIMEOUT_MS", "6000");
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()));

    @AfterEach
    void close() throws Exception {
        admin.close();
        pipeline.close();
    }

    @Tag("nightly")
    @Test
    void a_destination_restored_while_the_consumer_was_down_is_read_for_again() {
        pipeline.startProducer();
        try (DaemonProcess consumer = consumer()) {
            write("INSERT INTO employees (city) SELECT 'Oslo' FROM generate_series(1, 500)");
            pipeline.awaitEqual();
            backUp();
            write("UPDATE employees SET city = 'Rome'", "DELETE FROM employees WHERE emp_id % 5 = 0");
            pipeline.awaitEqual();
            assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        }

        restore();

        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.output())
                    .contains("or it was restored to an earlier state; reading again from there, nothing is lost")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void a_destination_restored_under_an_idle_consumer_is_read_for_again() {
        pipeline.startProducer();
        try (DaemonProcess consumer = consumer()) {
            write("INSERT INTO employees (city) SELECT 'Oslo' FROM generate_series(1, 500)");
            pipeline.awaitEqual();
            backUp();
            write("UPDATE employees SET city = 'Rome'", "DELETE FROM employees WHERE emp_id % 5 = 0");
            pipeline.awaitEqual();

            restore();

            pipeline.awaitEqual();
            assertThat(consumer.output())
                    .contains("restored to an earlier state")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void a_destination_restored_under_load_is_read_for_again() throws Exception {
        pipeline.startProducer();
        try (DaemonProcess consumer = consumer();
                Load load = new Load(pipeline)) {
            load.awaitArrivals(2);
            backUp();
            load.awaitArrivals(5);

            restore();

            load.awaitArrivals(2);
            load.assertEqualAtTheEnd();
            assertThat(consumer.output())
                    .contains("restored to an earlier state")
                    .doesNotContain("ERROR");
        }
    }

    @Tag("nightly")
    @Test
    void an_empty_destination_in_place_of_the_old_one_is_filled_from_the_topic() {
        pipeline.startProducer();
        write("INSERT INTO employees (city) SELECT 'Oslo' FROM generate_series(1, 500)");
        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        }
        Databases.execute(pipeline.destinationUrl(), "TRUNCATE employees, cdc_tombstone, cdc_progress");

        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.output()).contains("this destination knows nothing of it");
        }
    }

    @Test
    void a_group_that_lost_its_offsets_goes_on_where_the_destination_is() throws Exception {
        pipeline.startProducer();
        write("INSERT INTO employees (city) SELECT 'Oslo' FROM generate_series(1, 500)");
        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        }
        deleteGroup();
        deleteRecords();
        write("UPDATE employees SET city = 'Rome'");

        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.output())
                    .contains("as the destination knows; nothing is lost")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void records_that_the_topic_dropped_before_they_were_read_are_counted_and_the_repair_is_named() throws Exception {
        pipeline.startProducer();
        try (DaemonProcess consumer = consumer()) {
            write("INSERT INTO employees (emp_id, city) VALUES (1000, 'Oslo')");
            pipeline.awaitEqual();
            assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        }
        write("INSERT INTO employees (city) SELECT 'lost' FROM generate_series(1, 300)");
        await().atMost(Pipeline.PATIENCE).until(() -> records() == 301);
        deleteRecords();

        try (DaemonProcess consumer = consumer()) {
            write("UPDATE employees SET city = 'Rome' WHERE emp_id = 1000");

            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(pipeline.destinationRows("employees")).containsExactly("(1000,,,,Rome,)"));
            assertThat(lost(consumer)).isEqualTo(300);
            assertThat(consumer.output()).contains("ERROR", "records lost=", "rowrelay resync");
        }
    }

    @Tag("nightly")
    @Test
    void an_offset_set_back_by_hand_is_read_from() throws Exception {
        pipeline.startProducer();
        write("INSERT INTO employees (city) SELECT 'Oslo' FROM generate_series(1, 50)");
        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.stop(STOP_DEADLINE)).isZero();
        }
        Databases.execute(pipeline.destinationUrl(), "DELETE FROM employees WHERE emp_id <= 10");
        await().atMost(Pipeline.PATIENCE).ignoreExceptions().until(() -> {
            admin.alterConsumerGroupOffsets(
                            pipeline.topic(),
                            partitions().stream()
                                    .collect(Collectors.toMap(each -> each, each -> new OffsetAndMetadata(0))))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            return true;
        });

        try (DaemonProcess consumer = consumer()) {
            pipeline.awaitEqual();
            assertThat(consumer.output()).doesNotContain("WARN").doesNotContain("ERROR");
        }
    }

    private DaemonProcess consumer() {
        return new DaemonProcess("consumer", pipeline.environment());
    }

    private void write(String... statements) {
        Databases.execute(pipeline.sourceUrl(), statements);
    }

    /** As a backup does: all of it as of one moment. */
    private void backUp() {
        StringBuilder script = new StringBuilder("BEGIN ISOLATION LEVEL REPEATABLE READ;");
        REMEMBERED.forEach(table -> script.append("CREATE TABLE old_")
                .append(table)
                .append(" AS TABLE ")
                .append(table)
                .append(";"));
        Databases.execute(pipeline.destinationUrl(), script.append("COMMIT").toString());
    }

    /** As a restored backup: all of it at once, rows and progress of the same moment. */
    private void restore() {
        StringBuilder script = new StringBuilder("BEGIN;");
        REMEMBERED.forEach(table -> script.append("LOCK TABLE ").append(table).append(" IN ACCESS EXCLUSIVE MODE;"));
        REMEMBERED.forEach(table -> script.append("TRUNCATE ")
                .append(table)
                .append(";INSERT INTO ")
                .append(table)
                .append(" SELECT * FROM old_")
                .append(table)
                .append(";"));
        Databases.execute(pipeline.destinationUrl(), script.append("COMMIT").toString());
    }

    private int records() {
        return Topics.read(pipeline.bootstrapServers(), pipeline.topic()).size();
    }

    private List<TopicPartition> partitions() {
        return IntStream.range(0, 6)
                .mapToObj(partition -> new TopicPartition(pipeline.topic(), partition))
                .toList();
    }

    /** What retention does in time. */
    private void deleteRecords() throws Exception {
        admin.deleteRecords(partitions().stream()
                        .collect(Collectors.toMap(each -> each, each -> RecordsToDelete.beforeOffset(-1))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private void deleteGroup() {
        await().atMost(Pipeline.PATIENCE).ignoreExceptions().until(() -> {
            admin.deleteConsumerGroups(List.of(pipeline.topic())).all().get(10, TimeUnit.SECONDS);
            return true;
        });
    }

    private static double lost(DaemonProcess consumer) {
        return consumer.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("rowrelay_records_lost_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
