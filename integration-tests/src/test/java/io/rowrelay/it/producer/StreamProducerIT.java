package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static io.rowrelay.it.stack.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.CutRecord.Opened;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream of the registry on its topics: windows over all tables, and the cuts behind them. */
@Timeout(180)
class StreamProducerIT {
    private static final int ACCOUNTS = 20;
    private static final int TOTAL = 100 * ACCOUNTS;
    private static final Pattern BALANCE = Pattern.compile("\"balance\":(-?[0-9]+)");

    private final Pipeline pipeline = Pipeline.create();
    private final String stream = "s" + pipeline.topic();

    @BeforeEach
    void capture() {
        pipeline.with("STREAM", stream).with("POLL_IDLE_MAX", "5ms");
        execute(
                pipeline.sourceUrl(),
                "CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)",
                "CREATE TABLE \"Transfer\" (id bigserial PRIMARY KEY, what text)",
                "SELECT cdc_stream('" + stream + "', 'public.account', 'public.Transfer')");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void a_transaction_over_two_tables_is_one_window_whose_records_the_cut_counts() {
        execute(
                pipeline.sourceUrl(),
                transaction(
                        "INSERT INTO account VALUES (1, 7), (2, 8)", "INSERT INTO \"Transfer\" (what) VALUES ('x')"));
        Instant before = Instant.now();

        pipeline.startProducer();

        Cut cut = awaitCut(3);
        assertThat(cut.window()).hasToString("1:1");
        assertThat(cut.s1()).hasToString("3:3:");
        assertThat(cut.source())
                .isEqualTo(
                        Long.parseLong(query(pipeline.sourceUrl(), "SELECT system_identifier FROM pg_control_system()")
                                .get(0)));
        assertThat(cut.takenAt())
                .isBetween(before.minusSeconds(60), Instant.now().plusSeconds(60));
        String xid = query(pipeline.sourceUrl(), "SELECT DISTINCT xid FROM account_cdc")
                .get(0);
        List<ConsumerRecord<byte[], byte[]>> accounts = records("public.account");
        assertThat(accounts).hasSize(2).allSatisfy(record -> {
            assertThat(TopicClient.header(record, WindowHeaders.TABLE)).isEqualTo("public.account");
            assertThat(TopicClient.header(record, WindowHeaders.XID)).isEqualTo(xid);
            assertThat(TopicClient.header(record, WindowHeaders.WINDOW)).isEqualTo("1:1");
            assertThat(TopicClient.header(record, "rowrelay.source")).isEqualTo(Long.toString(cut.source()));
        });
        assertThat(records("public.Transfer"))
                .singleElement()
                .satisfies(record -> assertThat(TopicClient.header(record, WindowHeaders.TABLE))
                        .isEqualTo("public.\"Transfer\""));
    }

    @Test
    void windows_join_without_gaps_and_the_epoch_grows_with_each_session() throws Exception {
        RunningDaemon producer = pipeline.startProducer();
        for (int i = 1; i <= 3; i++) {
            execute(pipeline.sourceUrl(), "INSERT INTO account VALUES (" + i + ", 1)");
            awaitApplied();
        }
        producer.close();
        execute(pipeline.sourceUrl(), "INSERT INTO account VALUES (4, 1)");
        pipeline.startProducer();

        TopicReplica replica = awaitApplied();

        assertThat(replica.rows("public.account")).hasSize(4);
        Cut last = null;
        for (Cut cut : replica.cuts()) {
            if (last != null && last.window().epoch() == cut.window().epoch()) {
                assertThat(cut.window()).isEqualTo(last.window().next());
                assertThat(cut.s1()).isEqualTo(last.s2());
            }
            last = cut;
        }
        assertThat(replica.cuts().get(0).window().epoch()).isEqualTo(1);
        assertThat(replica.cuts().get(replica.cuts().size() - 1).window().epoch())
                .isEqualTo(2);
    }

    /** While only transactions end that began before it, no snapshot names it. */
    @Test
    void a_change_is_published_whose_transaction_no_snapshot_names() throws Exception {
        pipeline.startProducer();
        List<Connection> older = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            older.add(pipeline.source());
            older.get(i).setAutoCommit(false);
        }
        try (Connection writer = pipeline.source()) {
            writer.setAutoCommit(false);
            for (int round = 1; round <= 15; round++) {
                for (int i = 0; i < older.size(); i++) {
                    execute(older.get(i), "INSERT INTO account VALUES (" + (round * 100 + i) + ", 1)");
                }
                execute(writer, "INSERT INTO \"Transfer\" (what) VALUES ('last')");
                for (Connection each : older) {
                    each.commit();
                }
                writer.commit();
                assertThat(awaitApplied().rows("public.\"Transfer\"")).hasSize(round);
            }
        }
        for (Connection each : older) {
            each.close();
        }
    }

    /** As after a start, when each of them could have changes. */
    @Test
    void changes_of_few_of_many_tables_are_read() throws Exception {
        String tables = "SELECT 'CREATE TABLE many_' || n || ' (id int PRIMARY KEY)' FROM generate_series(1, 40) n";
        query(pipeline.sourceUrl(), tables).forEach(create -> execute(pipeline.sourceUrl(), create));
        execute(
                pipeline.sourceUrl(),
                "SELECT cdc_stream('" + stream + "', 'public.many_*')",
                "INSERT INTO many_7 VALUES (1)");
        try (Connection writer = pipeline.source()) {
            writer.setAutoCommit(false);
            execute(writer, "INSERT INTO many_40 VALUES (1)");
            execute(pipeline.sourceUrl(), "INSERT INTO many_23 VALUES (1)");

            pipeline.startProducer();

            assertThat(awaitApplied().rows("public.many_7")).hasSize(1);
            writer.commit();
        }
        TopicReplica replica = awaitApplied();
        assertThat(replica.rows("public.many_23")).hasSize(1);
        assertThat(replica.rows("public.many_40")).hasSize(1);
    }

    /** A reader has to know how old the state is that it sees. */
    @Test
    void cuts_without_changes_tell_that_the_source_goes_on_or_rests() {
        pipeline.startProducer();
        awaitCut(0);
        execute(pipeline.sourceUrl(), "SELECT pg_current_xact_id()");
        Snapshot moved = now();

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(replica().cuts())
                        .anySatisfy(cut -> assertThat(cut.s2().covers(moved)).isTrue()));
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(replica().cuts())
                        .anySatisfy(cut -> assertThat(cut.s1()).isEqualTo(cut.s2())));
        assertThat(replica().cuts()).allSatisfy(cut -> assertThat(cut.counts()).isEmpty());
    }

    @Test
    void a_long_window_is_announced_and_comes_in_pages() {
        execute(
                pipeline.sourceUrl(),
                transaction(
                        "INSERT INTO account SELECT n, 1 FROM generate_series(1, 12000) n",
                        "INSERT INTO \"Transfer\" (what) SELECT repeat('x', 9000) FROM generate_series(1, 20)",
                        "DELETE FROM account WHERE id > 11990"));

        pipeline.startProducer();

        Cut cut = awaitCut(12_030);
        TopicReplica replica = replica();
        assertThat(replica.records().get(0)).isEqualTo(new Opened(cut.window(), cut.source(), cut.s1()));
        assertThat(replica.records().stream().filter(Opened.class::isInstance)).hasSize(1);
        assertThat(replica.rows("public.account")).hasSize(11_990);
        assertThat(replica.rows("public.\"Transfer\"")).hasSize(20);
    }

    @Test
    void a_change_that_the_broker_does_not_take_is_counted_as_missing() {
        pipeline.with("KAFKA_MAX_REQUEST_SIZE", "100000");
        execute(
                pipeline.sourceUrl(),
                transaction(
                        "INSERT INTO \"Transfer\" (what) VALUES (repeat('x', 200000)), ('small')",
                        "INSERT INTO account VALUES (1, 1)"));

        pipeline.startProducer();

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(replica().records()).anyMatch(Missing.class::isInstance));
        TopicReplica replica = replica();
        assertThat(replica.rows("public.account")).hasSize(1);
        assertThat(replica.rows("public.\"Transfer\"")).hasSize(1);
        assertThat(Topics.read(pipeline.bootstrapServers(), stream + ".dlq")).hasSize(1);
    }

    @Test
    void a_table_that_comes_into_the_stream_is_published_without_a_restart() {
        pipeline.startProducer();
        execute(pipeline.sourceUrl(), "INSERT INTO account VALUES (1, 1)");
        awaitCut(1);

        execute(
                pipeline.sourceUrl(),
                "CREATE TABLE later (id int PRIMARY KEY)",
                "BEGIN; SELECT cdc_stream('" + stream + "', 'public.later'); INSERT INTO later VALUES (1); COMMIT",
                "INSERT INTO later VALUES (2)");

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(replica().rows("public.later")).hasSize(2));

        execute(
                pipeline.sourceUrl(),
                "CREATE TABLE in_time_1 (id int PRIMARY KEY); CREATE TABLE in_time_2 (id int)",
                "UPDATE rowrelay.stream SET patterns = patterns || '{public.in_time*}'");
        await("that the producer captures what fits")
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(query(
                                pipeline.sourceUrl(),
                                "SELECT count(*) FROM rowrelay.stream_table WHERE topic LIKE '%.in_time%'"))
                        .containsExactly("2"));
        execute(
                pipeline.sourceUrl(),
                "INSERT INTO in_time_1 VALUES (1)",
                "INSERT INTO in_time_2 VALUES (1), (1)",
                "DELETE FROM in_time_2 WHERE ctid = '(0,1)'");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(
                        () -> assertThat(replica().rows("public.in_time_1")).hasSize(1));
        await("the images of a table without a key, in any order")
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(records("public.in_time_2"))
                        .hasSize(3)
                        .allSatisfy(record -> assertThat(record.key()).isNull()));
    }

    /** The database is an earlier state of itself, as its number of the epoch shows. */
    @Test
    void a_restored_source_publishes_nothing() throws Exception {
        RunningDaemon producer = pipeline.startProducer();
        execute(pipeline.sourceUrl(), "INSERT INTO account VALUES (1, 1)");
        awaitCut(1);
        producer.close();
        int before = Topics.read(pipeline.bootstrapServers(), stream + ".cuts").size();
        execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET epoch = 0, snapshot = '3:3:'");

        RunningDaemon again = pipeline.startProducer();

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(again.failure())
                        .hasMessageContainingAll("cut 1:", "is of a later session", "in cdc_offset to 2"));
        assertThat(Topics.read(pipeline.bootstrapServers(), stream + ".cuts")).hasSize(before);
    }

    /** No snapshot lists a transaction as running while nothing that began after it has ended. */
    @Test
    void a_change_is_published_whose_transaction_began_last_and_ends_when_its_sequence_has_rested() throws Exception {
        pipeline.startProducer();
        execute(pipeline.sourceUrl(), "INSERT INTO account VALUES (0, 1)");
        awaitCut(1);
        awaitPublished();
        awaitLook();
        try (Connection first = pipeline.source();
                Connection second = pipeline.source();
                Connection last = pipeline.source()) {
            for (Connection each : List.of(first, second)) {
                execute(each, "BEGIN", "SELECT pg_current_xact_id()");
            }
            execute(last, "BEGIN", "INSERT INTO account VALUES (1, 1)");
            for (Connection each : List.of(first, second)) {
                execute(each, "COMMIT");
                awaitLook();
            }
            execute(last, "COMMIT");
        }

        assertThat(awaitApplied().rows("public.account")).hasSize(2);
    }

    /** Else a crash of the source would give their ids to other transactions, which a destination would take for applied ones. */
    @Test
    void a_cut_shows_no_end_of_a_transaction_that_is_not_on_the_disk_of_the_source() throws Exception {
        pipeline.startProducer();
        awaitCut(0);
        try (Connection checkpoint = pipeline.source();
                Connection writer = pipeline.source()) {
            execute(checkpoint, "ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()");
            // The producer's own commit, which would bring everything to the disk.
            execute(checkpoint, "BEGIN", "SELECT 1 FROM cdc_offset FOR UPDATE");
            String xid = "0";
            // The WAL writer may be asleep, and the first would wake it up.
            for (int i = 0; i < 3; i++) {
                execute(writer, "BEGIN", "INSERT INTO \"Transfer\" (what) VALUES ('x')");
                xid = query(writer, "SELECT pg_current_xact_id()").get(0);
                execute(writer, "ROLLBACK");
            }
            String end = query(writer, "SELECT pg_current_wal_insert_lsn()").get(0);
            long ended = Long.parseLong(xid);

            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(replica().cuts())
                            .anySatisfy(
                                    cut -> assertThat(cut.s2().isVisible(ended)).isTrue()));
            assertThat(query(writer, "SELECT pg_current_wal_flush_lsn() >= '" + end + "'"))
                    .containsExactly("t");
            execute(checkpoint, "COMMIT", "ALTER SYSTEM RESET wal_writer_delay", "SELECT pg_reload_conf()");
        }
    }

    /** Every state at a cut is one that the source had: transfers keep the sum of balances. */
    @Test
    void each_cut_is_a_state_that_the_source_had_whatever_is_open_and_whoever_restarts() throws Exception {
        execute(pipeline.sourceUrl(), "INSERT INTO account SELECT n, 100 FROM generate_series(1, " + ACCOUNTS + ") n");
        RunningDaemon producer = pipeline.startProducer();
        List<Connection> writers = List.of(pipeline.source(), pipeline.source(), pipeline.source(), pipeline.source());
        for (Connection writer : writers) {
            execute(writer, "SET deadlock_timeout = '50ms'");
            writer.setAutoCommit(false);
        }
        Random random = new Random(Integer.getInteger("rowrelay.seed", 26));

        for (int step = 0; step < 400; step++) {
            Connection writer = writers.get(random.nextInt(writers.size()));
            // One account set for each, so that no open transaction blocks another.
            int first = 1 + writers.indexOf(writer) * 5 + random.nextInt(4);
            int amount = random.nextInt(50);
            execute(writer, "UPDATE account SET balance = balance - " + amount + " WHERE id = " + first);
            if (random.nextBoolean()) {
                execute(writer, "SAVEPOINT a");
            }
            execute(
                    writer,
                    "UPDATE account SET balance = balance + " + amount + " WHERE id = " + (first + 1),
                    "INSERT INTO \"Transfer\" (what) VALUES ('" + step + "')");
            switch (random.nextInt(4)) {
                case 0 -> writer.rollback();
                case 1, 2 -> writer.commit();
                default -> {
                    // Stays open.
                }
            }
            if (step % 20 == 19) {
                awaitPublished();
            }
            if (step % 150 == 149) {
                producer.close();
                producer = pipeline.startProducer();
            }
        }
        for (Connection writer : writers) {
            writer.commit();
        }

        Snapshot end = now();
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(replica().applied().covers(end)).isTrue());
        int[] states = {0};
        TopicReplica replica = new TopicReplica(pipeline.bootstrapServers(), stream).read(tables -> {
            states[0]++;
            assertThat(tables.getOrDefault("public.account", Map.of()).values().stream()
                            .mapToInt(StreamProducerIT::balance)
                            .sum())
                    .isEqualTo(TOTAL);
        });
        assertThat(states[0]).isGreaterThan(10);
        Map<String, Integer> balances = new TreeMap<>();
        replica.rows("public.account").forEach((id, row) -> balances.put(id, balance(row)));
        Map<String, Integer> there = new TreeMap<>();
        query(pipeline.sourceUrl(), "SELECT id || ' ' || balance FROM account")
                .forEach(row -> there.put(row.split(" ", 2)[0], Integer.valueOf(row.split(" ", 2)[1])));
        assertThat(balances).isEqualTo(there);
        assertThat(replica.rows("public.\"Transfer\"").keySet())
                .containsExactlyInAnyOrderElementsOf(query(pipeline.sourceUrl(), "SELECT id FROM \"Transfer\""));
    }

    private static int balance(String row) {
        Matcher found = BALANCE.matcher(row);
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** The producer has looked, and waits again. */
    private void awaitLook() {
        String now = query(pipeline.sourceUrl(), "SELECT clock_timestamp()").get(0);
        await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(query(
                                pipeline.sourceUrl(),
                                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'DO %' AND query_start > '"
                                        + now + "'"))
                        .isNotEmpty());
    }

    private static String transaction(String... statements) {
        return "BEGIN; " + String.join("; ", statements) + "; COMMIT";
    }

    private Snapshot now() {
        return Snapshot.parse(
                query(pipeline.sourceUrl(), "SELECT pg_current_snapshot()").get(0));
    }

    /** The checkpoint covers all that is committed. */
    private void awaitPublished() {
        await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () -> assertThat(query(pipeline.sourceUrl(), """
                        SELECT count(*) FROM account_cdc c, cdc_offset o WHERE NOT pg_visible_in_snapshot(c.xid, o.snapshot)""")).containsExactly("0"));
    }

    private TopicReplica replica() {
        return new TopicReplica(pipeline.bootstrapServers(), stream).read(tables -> {});
    }

    private TopicReplica awaitApplied() {
        Snapshot end = now();
        return await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(this::replica, replica -> replica.applied().covers(end));
    }

    private Cut awaitCut(long changes) {
        return await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> replica().cuts().stream()
                                .filter(cut -> cut.counts().values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum()
                                        == changes)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String table) {
        return Topics.read(pipeline.bootstrapServers(), stream + "." + table);
    }
}
