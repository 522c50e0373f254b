package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Link;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code admin.jar status}, {@code pause}, {@code resume}, {@code capture} and {@code uncapture}: the real jar. */
@Timeout(240)
class StatusIT {
    private final Pipeline pipeline = Pipeline.create();

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void counts_every_change_at_the_stage_where_it_is() throws Exception {
        RunningDaemon producer = pipeline.startProducer();
        RunningDaemon consumer = pipeline.startConsumer();
        execute(pipeline.sourceUrl(), insert(100));
        pipeline.awaitEqual();
        consumer.close();
        execute(pipeline.sourceUrl(), insert(30));
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(
                                status(0).path("published").path("records").asLong())
                        .isEqualTo(130));
        producer.close();
        execute(pipeline.sourceUrl(), insert(7));
        Connection open = pipeline.source();
        execute(open, "BEGIN", insert(1000));

        JsonNode status = status(0);

        assertThat(status.path("captured").path("changes").asLong()).isEqualTo(137);
        assertThat(status.path("captured").path("precision").asString()).isEqualTo("exact");
        assertThat(status.path("published").path("waiting").path("changes").asLong())
                .isEqualTo(7);
        assertThat(status.path("published").path("oldest_seconds").asDouble()).isPositive();
        assertThat(status.path("applied").path("records").asLong()).isEqualTo(100);
        assertThat(status.path("applied").path("waiting").asLong()).isEqualTo(30);
        assertThat(status.path("applied").path("oldest_seconds").asDouble()).isPositive();
        assertThat(status.path("unaccounted").asLong(-1)).isZero();
        assertThat(status.path("producer").isNull()).isTrue();
        assertThat(status.path("group").path("members").asInt()).isZero();
        assertThat(status.path("partitions").size()).isEqualTo(6);
    }

    /** Three servers cannot be asked at one moment; what flows meanwhile must not turn the figures round. */
    @Test
    void never_shows_more_applied_than_published_nor_more_published_than_captured_under_load() throws Exception {
        pipeline.start();
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            Connection source = pipeline.source();
            while (!enough.get()) {
                execute(source, insert(5));
                // Enough to flow all the time, not so much that the machine has no time to look.
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        });
        writer.start();
        try {
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> pipeline.destinationRows("employees").size() > 100);
            for (int complete = 0, looks = 0; complete < 3; looks++) {
                assertThat(looks)
                        .as("looks of which some part was not reachable")
                        .isLessThan(20);
                AdminRun admin = AdminRun.of(pipeline.environment(), "status", "--json");
                // A machine with much to do may not show everything in time.
                if (admin.exitCode() != 0) {
                    continue;
                }
                JsonNode status = json(admin.output());
                complete++;
                long captured = status.path("captured").path("changes").asLong();
                long published = status.path("published").path("records").asLong();
                long applied = status.path("applied").path("records").asLong();
                assertThat(List.of(applied, published, captured)).isSorted().doesNotContain(0L);
                assertThat(Instant.parse(
                                status.path("asked_at").path("destination").asString()))
                        .isBefore(Instant.parse(
                                status.path("asked_at").path("source").asString()));
            }
        } finally {
            enough.set(true);
            writer.join();
        }
    }

    @Test
    void counts_the_rest_of_a_window_that_is_published_in_part() {
        execute(
                pipeline.sourceUrl(),
                "BEGIN; " + insert(50) + "; COMMIT; BEGIN; " + insert(20) + "; COMMIT",
                // As the producer leaves it in the middle: S1 shows nothing, S2 the first fifty, thirty of which are
                // out.
                "INSERT INTO cdc_offset (stream, last_action_id, highest_action_id, snapshot, window_snapshot, system_identifier)"
                        + " SELECT 'employees', 30, 30, '3:3:', (x || ':' || x || ':')::pg_snapshot, s.system_identifier"
                        + " FROM (SELECT (max(xid)::text) AS x FROM emp_cdc WHERE action_id > 50) b, pg_control_system() s");

        // There is no topic yet.
        assertThat(text(1))
                .contains("40 wait to be published, the oldest for", "topic not reachable: there is no topic");
    }

    @Test
    void tells_who_publishes_and_applies_and_what_was_refused() {
        pipeline.start();
        execute(pipeline.sourceUrl(), insert(1));
        pipeline.awaitEqual();
        try (TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            client.send(pipeline.topic(), "1", "no change");
        }
        pipeline.awaitDeadLetters(1);
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(
                                status(0).path("applied").path("waiting").asLong())
                        .isZero());

        JsonNode status = status(0);

        assertThat(status.path("dead_lettered").path("records").asLong()).isEqualTo(1);
        assertThat(status.path("producer").path("application").asString()).isEqualTo("rowrelay-producer-employees");
        assertThat(status.path("producer").path("pid").asString())
                .isEqualTo(Databases.query(
                                pipeline.sourceUrl(),
                                "SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.database ="
                                        + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                        .get(0));
        assertThat(status.path("group").path("state").asString()).isEqualTo("Stable");
        status.path("partitions")
                .forEach(partition ->
                        assertThat(partition.path("consumer").asString()).contains("consumer-"));
        assertThat(text(0))
                .contains(
                        "dead-lettered 1 records, 1 letters open",
                        "consumers     group " + pipeline.topic() + ", Stable");
    }

    @Test
    void shows_the_rest_when_a_part_is_out_of_reach() {
        pipeline.start();
        execute(pipeline.sourceUrl(), insert(5));
        pipeline.awaitEqual();

        for (Map.Entry<String, String> part : Map.of(
                        "SOURCE_DB_URL", "source",
                        "DESTINATION_DB_URL", "destination",
                        "KAFKA_BOOTSTRAP_SERVERS", "topic")
                .entrySet()) {
            String nowhere = part.getKey().startsWith("KAFKA") ? "localhost:1" : "jdbc:postgresql://localhost:1/x";
            Map<String, String> environment = new HashMap<>(pipeline.environment());
            environment.put(part.getKey(), nowhere);
            environment.put("ADMIN_TIMEOUT", "2s");
            JsonNode status = json(run(environment, 1, "status", "--json"));

            assertThat(status.path("out_of_sight").propertyNames()).containsExactly(part.getValue());
            assertThat(status.path("captured").path("changes").isNull())
                    .isEqualTo(part.getValue().equals("source"));
            assertThat(status.path("published").path("records").isNull())
                    .isEqualTo(part.getValue().equals("topic"));
        }
    }

    @Test
    void counts_what_the_topic_dropped_before_it_was_applied_and_what_it_lost_afterwards() throws Exception {
        pipeline.start();
        execute(pipeline.sourceUrl(), insert(40));
        pipeline.awaitEqual();
        pipeline.close();
        execute(pipeline.destinationUrl(), "UPDATE cdc_progress SET next_offset = next_offset + 3");
        assertThat(status(0).path("unaccounted").asLong()).isEqualTo(18);

        execute(pipeline.destinationUrl(), "UPDATE cdc_progress SET topic_id = 'another'");
        assertThat(status(0).path("unaccounted").isNull()).isTrue();
        assertThat(text(0)).contains("unaccounted   ?: the topic is not the one that was applied");
    }

    @Tag("nightly")
    @Test
    void looks_again_and_again() {
        pipeline.start();
        try (DaemonProcess watch = new DaemonProcess("admin", pipeline.environment(), "status", "--watch=1")) {
            await().atMost(Pipeline.PATIENCE).until(() -> watch.output().split("stream employees at", -1).length > 3);
        }
    }

    @Test
    void a_paused_stream_publishes_nothing_also_after_a_restart_and_goes_on_when_resumed() throws Exception {
        RunningDaemon producer = pipeline.startProducer();
        pipeline.startConsumer();
        execute(pipeline.sourceUrl(), insert(5));
        pipeline.awaitEqual();

        assertThat(run(0, "pause", "--by", "somebody")).contains("stream employees is paused by somebody since");
        await().atMost(Pipeline.PATIENCE).until(() -> producer.reason().startsWith("paused by somebody since"));
        assertThat(producer.isReady()).isTrue();
        execute(pipeline.sourceUrl(), insert(3));
        assertThat(run(0, "pause")).contains("was paused already by somebody");
        assertThat(status(0).path("published").path("paused").path("by").asString())
                .isEqualTo("somebody");
        assertThat(status(0).path("producer").isNull()).isFalse();

        producer.close();
        RunningDaemon restarted = pipeline.startProducer();
        await().atMost(Pipeline.PATIENCE).until(() -> restarted.reason().startsWith("paused by somebody since"));
        assertThat(status(0).path("published").path("records").asLong()).isEqualTo(5);
        assertThat(status(0).path("published").path("waiting").path("changes").asLong())
                .isEqualTo(3);

        assertThat(run(0, "resume", "employees")).contains("stream employees goes on; it was paused by somebody");
        pipeline.awaitEqual();
        assertThat(restarted.reason()).isEqualTo("active");
        assertThat(run(0, "resume")).contains("was not paused");
    }

    @Test
    void pause_says_what_is_missing() {
        assertThat(run(1, "pause")).contains("cdc_offset knows no stream employees");
    }

    @Test
    void captures_a_table_and_takes_the_capture_off_again() {
        execute(pipeline.sourceUrl(), "CREATE TABLE orders (id int PRIMARY KEY, v text)");

        String planned = run(0, "capture", "orders", "--dry-run");
        assertThat(planned)
                .startsWith("BEGIN;")
                .contains("CREATE TABLE public.orders_cdc (", "CREATE OR REPLACE TRIGGER");
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT to_regclass('orders_cdc') IS NULL"))
                .containsExactly("t");
        assertThat(run(0, "capture", "orders")).contains("captured: orders into orders_cdc");
        assertThat(run(0, "capture", "orders", "--dry-run"))
                .contains("-- nothing to do: the capture of orders is sound");
        execute(pipeline.sourceUrl(), "ALTER TABLE orders DISABLE TRIGGER cdc_insert");
        assertThat(run(0, "capture", "orders")).contains("repaired: trigger cdc_insert of public.orders is disabled");
        execute(pipeline.sourceUrl(), "INSERT INTO orders VALUES (1, 'x')");

        assertThat(run(0, "uncapture", "orders", "--dry-run")).contains("DROP TRIGGER cdc_delete ON public.orders");
        assertThat(run(0, "uncapture", "orders")).contains("not captured any more: orders");
        execute(pipeline.sourceUrl(), "INSERT INTO orders VALUES (2, 'x')");
        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT id FROM orders_cdc"))
                .containsExactly("1");
    }

    @Test
    void the_sql_that_capture_prints_does_what_capture_does() {
        execute(pipeline.sourceUrl(), "CREATE TABLE orders (id int PRIMARY KEY, v text)");

        execute(pipeline.sourceUrl(), run(0, "capture", "orders", "--change-table", "elsewhere", "--dry-run"));

        assertThat(Databases.query(pipeline.sourceUrl(), "SELECT problem FROM cdc_check('orders', 'elsewhere')"))
                .isEmpty();
        execute(pipeline.sourceUrl(), run(0, "uncapture", "orders", "--dry-run"));
        assertThat(Databases.query(
                        pipeline.sourceUrl(), "SELECT tgname FROM pg_trigger WHERE tgrelid = 'orders'::regclass"))
                .isEmpty();
    }

    @Test
    void capture_says_why_it_cannot() {
        execute(pipeline.sourceUrl(), "CREATE TABLE keyless (v text)");

        assertThat(run(1, "capture", "keyless"))
                .contains("has no primary key", "ADD PRIMARY KEY")
                .doesNotContain("\tat ");
        assertThat(run(1, "capture", "keyless", "--dry-run")).contains("has no primary key");
        assertThat(run(1, "uncapture", "no_such_table"))
                .contains("no_such_table")
                .doesNotContain("\tat ");
    }

    private static String insert(int rows) {
        return "INSERT INTO employees (salary) SELECT n FROM generate_series(1, " + rows + ") n";
    }

    /** On a busy machine the first session takes seconds: a command waits, or says so in words of its own. */
    @Tag("nightly")
    @Test
    void waits_for_a_server_that_is_slow_to_answer_for_as_long_as_it_is_told() throws Exception {
        pipeline.startProducer();
        await().atMost(Pipeline.PATIENCE)
                .until(() -> !Databases.query(pipeline.sourceUrl(), "SELECT stream FROM cdc_offset")
                        .isEmpty());
        try (Link slow = new Link(
                URI.create(pipeline.sourceUrl().substring("jdbc:".length())).getPort(), Link.Protocol.BYTES)) {
            Map<String, String> environment = new HashMap<>(pipeline.environment());
            environment.put(
                    "SOURCE_DB_URL",
                    "jdbc:postgresql://127.0.0.1:" + slow.port()
                            + pipeline.sourceUrl()
                                    .substring(pipeline.sourceUrl().lastIndexOf('/')));
            slow.stall();

            assertThat(run(environment, 1, "pause", "--timeout", "2s"))
                    .contains("opened no session within 2 s", "--timeout")
                    .doesNotContain("Connection is not available");
            try (DaemonProcess patient = new DaemonProcess("admin", environment, "pause")) {
                // Longer than a daemon waits at once.
                await().pollDelay(7, TimeUnit.SECONDS).until(() -> true);
                assertThat(patient.errors()).isEmpty();
                slow.heal();

                assertThat(patient.awaitEnd()).as(patient.errors()).isZero();
            }
        }
        run(0, "resume");
    }

    private JsonNode status(int exitCode) {
        return json(run(exitCode, "status", "--json"));
    }

    private String text(int exitCode) {
        return run(exitCode, "status");
    }

    private static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text);
    }

    private String run(int exitCode, String... arguments) {
        return run(pipeline.environment(), exitCode, arguments);
    }

    /** What it wrote to standard output, or to standard error where it failed. */
    private static String run(Map<String, String> environment, int exitCode, String... arguments) {
        AdminRun admin = AdminRun.expecting(exitCode, environment, arguments);
        return admin.output().isEmpty() ? admin.errors() : admin.output();
    }
}
