package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer in cuts mode between a real broker and a real destination; the windows are written by this test. */
@Timeout(120)
class CutsConsumerIT {
    private static final Duration TAKEOVER = Duration.ofSeconds(5);

    private final Pipeline pipeline = Pipeline.create();
    private final String stream = pipeline.topic();
    private final WindowWriter source = new WindowWriter(pipeline.bootstrapServers(), stream);

    @BeforeEach
    void prepare() {
        pipeline.with("STREAM", stream);
        Databases.execute(
                pipeline.destinationUrl(),
                "CREATE TABLE customers (id integer PRIMARY KEY, name text UNIQUE)",
                "CREATE TABLE orders (id integer PRIMARY KEY, name text)",
                "SELECT cdc_destination_stream('" + stream + "', 'customers', 'orders')");
        Topics.create(pipeline.bootstrapServers(), stream + ".cuts");
        Topics.create(pipeline.bootstrapServers(), source.topic("customers"), 2);
    }

    @AfterEach
    void close() throws Exception {
        source.close();
        pipeline.close();
    }

    @Test
    void applies_windows_whole_and_takes_up_a_topic_that_is_new() {
        RunningDaemon consumer = pipeline.startConsumer();
        source.insert("customers", 1, "one").insert("customers", 2, "two").cut();
        awaitRows("customers", "(1,one)", "(2,two)");

        Topics.create(pipeline.bootstrapServers(), source.topic("orders"), 2);
        source.insert("orders", 7, "seven")
                .delete("customers", 1, "one")
                .delete("customers", 2, "two")
                .insert("customers", 2, "one")
                .cut();
        awaitRows("orders", "(7,seven)");
        assertThat(rows("customers")).containsExactly("(2,one)");
        assertThat(consumer.isReady()).isTrue();

        // Half of a window shows nothing, also when its producer is replaced and sends it again.
        source.insert("orders", 8, "eight")
                .restart()
                .insert("orders", 9, "nine")
                .cut();
        awaitRows("orders", "(7,seven)", "(9,nine)");
    }

    @Test
    void a_standby_takes_over_within_seconds_and_a_restart_goes_on() {
        RunningDaemon active = pipeline.startConsumer();
        source.insert("customers", 1, "one").cut();
        awaitRows("customers", "(1,one)");
        RunningDaemon standby = pipeline.startConsumer();
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(standby.reason()).startsWith("standby"));
        assertThat(standby.isReady()).isTrue();

        active.kill();
        source.insert("customers", 2, "two").cut();

        await().atMost(TAKEOVER)
                .untilAsserted(() -> assertThat(rows("customers")).contains("(2,two)"));
        standby.close();
        source.insert("customers", 3, "three").cut();
        pipeline.startConsumer();
        awaitRows("customers", "(1,one)", "(2,two)", "(3,three)");
        await().atMost(Pipeline.PATIENCE).untilAsserted(() -> {
            source.cut();
            assertThat(Topics.committed(pipeline.bootstrapServers(), stream))
                    .containsEntry(new TopicPartition(source.topic("customers"), 1), 2L);
        });
    }

    @Test
    void names_what_a_topic_has_lost_and_goes_on_when_it_comes_again() {
        source.insert("customers", 1, "one").insert("customers", 2, "two").cut();
        Topics.empty(pipeline.bootstrapServers(), source.topic("customers"));

        RunningDaemon consumer = pipeline.startConsumer();

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(consumer.reason())
                        .contains(
                                "window 1:1",
                                "1 of 1 records of partition " + source.topic("customers") + "-",
                                "resync"));
        assertThat(consumer.isReady()).isFalse();
        assertThat(rows("customers")).isEmpty();
        source.again().insert("customers", 1, "one").cut();
        awaitRows("customers", "(1,one)");
    }

    @Test
    void names_the_gap_in_a_cut_topic() {
        source.insert("customers", 1, "one").cut();
        Topics.empty(pipeline.bootstrapServers(), stream + ".cuts");
        source.insert("customers", 2, "two").cut();

        RunningDaemon consumer = pipeline.startConsumer();

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(
                        () -> assertThat(consumer.reason()).contains("windows are missing", "1:2", "lost", "resync"));
        assertThat(rows("customers")).isEmpty();
    }

    @Test
    void reads_on_in_topics_that_were_created_again() throws Exception {
        RunningDaemon consumer = pipeline.startConsumer();
        source.insert("customers", 1, "one").insert("customers", 2, "two").cut();
        awaitRows("customers", "(1,one)", "(2,two)");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()))) {
            admin.deleteTopics(List.of(source.topic("customers"), stream + ".cuts"))
                    .all()
                    .get();
        }
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Topics.names(pipeline.bootstrapServers()))
                        .doesNotContain(source.topic("customers"), stream + ".cuts"));
        Topics.create(pipeline.bootstrapServers(), source.topic("customers"), 2);
        Topics.create(pipeline.bootstrapServers(), stream + ".cuts");

        source.delete("customers", 1, "one").cut();

        awaitRows("customers", "(2,two)");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(consumer.isReady()).isTrue());
    }

    @Test
    void makes_a_dead_letter_of_a_record_that_no_producer_has_written() {
        source.foreign("customers");
        source.insert("customers", 2, "two").cut();

        pipeline.startConsumer();

        awaitRows("customers", "(2,two)");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Topics.read(pipeline.bootstrapServers(), stream + ".dlq"))
                        .hasSize(1));
    }

    @Test
    void marks_a_state_that_lacks_what_the_broker_has_refused() {
        pipeline.startConsumer();
        source.insert("customers", 2, "two").cut();
        awaitRows("customers", "(2,two)");
        assertThat(broken()).containsExactly("f");

        source.insert("customers", 3, "three").cutWithout("customers");

        awaitRows("customers", "(2,two)", "(3,three)");
        assertThat(broken()).containsExactly("t");
    }

    private List<String> broken() {
        return Databases.query(pipeline.destinationUrl(), "SELECT broken_since IS NOT NULL FROM cdc_applied");
    }

    private List<String> rows(String table) {
        return Databases.query(pipeline.destinationUrl(), "SELECT t::text FROM " + table + " t ORDER BY id");
    }

    private void awaitRows(String table, String... rows) {
        await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(rows(table)).containsExactly(rows));
    }
}
