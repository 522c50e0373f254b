package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Backend;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The orders of beginning, writing and committing that make other pollers lose, invert or delay changes. Each session
 * stays open until what others have committed meanwhile has arrived, so nothing here hangs on timing.
 */
@Timeout(180)
class InterleavingsIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(15);

    private static Pipeline pipeline;
    private static RunningDaemon producer;

    private final List<Connection> sessions = new ArrayList<>();

    @BeforeAll
    static void start() {
        pipeline = Pipeline.create();
        pipeline.startConsumer();
        producer = pipeline.startProducer();
    }

    @AfterAll
    static void stop() throws Exception {
        pipeline.close();
    }

    /** A session that a failed test left open would block the next one. */
    @AfterEach
    void end_sessions() throws SQLException {
        for (Connection session : sessions) {
            session.close();
        }
    }

    @BeforeEach
    void start_empty() {
        execute(pipeline.sourceUrl(), "DELETE FROM employees");
        awaitRows();
    }

    @Test
    void a_later_change_that_commits_first_does_not_cost_the_earlier_one() {
        Connection a = begin();
        execute(a, insert(1, "A"));
        execute(pipeline.sourceUrl(), insert(2, "B"));
        assertThat(Databases.query(
                        a, "SELECT emp_id FROM emp_cdc WHERE emp_id IN (1, 2) ORDER BY action_id DESC LIMIT 2"))
                .as("A took the smaller action_id")
                .containsExactly("2", "1");
        awaitRows("2 B");

        execute(a, "COMMIT");

        awaitRows("1 A", "2 B");
        pipeline.awaitEqual();
    }

    @Test
    void a_transaction_with_an_early_xid_that_updates_last_wins() {
        execute(pipeline.sourceUrl(), insert(1, "old"));
        Connection early = begin();
        execute(early, "SELECT pg_current_xact_id()");
        execute(pipeline.sourceUrl(), update(1, "late xid"));
        awaitRows("1 late xid");

        execute(early, update(1, "early xid"), "COMMIT");

        awaitRows("1 early xid");
        pipeline.awaitEqual();
    }

    /** Here the order of the xids would put the older row last, since one window holds both changes. */
    @Test
    void a_transaction_with_an_early_xid_that_updates_last_wins_within_one_window() {
        execute(pipeline.sourceUrl(), insert(1, "old"));
        awaitRows("1 old");
        producer.close();
        Connection early = begin();
        execute(early, "SELECT pg_current_xact_id()");
        execute(pipeline.sourceUrl(), update(1, "late xid"));
        execute(early, update(1, "early xid"), "COMMIT");

        producer = pipeline.startProducer();

        awaitRows("1 early xid");
        pipeline.awaitEqual();
    }

    @Test
    void three_transactions_arrive_as_they_commit_whatever_the_order_of_their_ids() {
        Connection first = begin();
        Connection middle = begin();
        Connection last = begin();
        execute(first, insert(1, "first"));
        execute(middle, insert(2, "middle"));
        execute(last, insert(3, "last"));

        execute(last, "COMMIT");
        awaitRows("3 last");
        execute(first, "COMMIT");
        awaitRows("1 first", "3 last");
        execute(pipeline.sourceUrl(), update(1, "first again"), insert(4, "afterwards"));
        awaitRows("1 first again", "3 last", "4 afterwards");
        execute(middle, "COMMIT");

        awaitRows("1 first again", "2 middle", "3 last", "4 afterwards");
        pipeline.awaitEqual();
    }

    @Test
    void savepoints_come_with_their_transaction_or_not_at_all() {
        Connection session = begin();
        execute(session, insert(1, "before"));
        execute(session, "SAVEPOINT kept", insert(2, "released"), "RELEASE SAVEPOINT kept");
        execute(session, "SAVEPOINT undone", insert(3, "rolled back"), update(1, "rolled back"));
        execute(session, "SAVEPOINT nested", update(2, "rolled back"), "RELEASE SAVEPOINT nested");
        execute(session, "ROLLBACK TO SAVEPOINT undone", insert(4, "after"));
        execute(pipeline.sourceUrl(), insert(5, "another session"));
        awaitRows("5 another session");

        execute(session, "COMMIT");

        awaitRows("1 before", "2 released", "4 after", "5 another session");
        pipeline.awaitEqual();
    }

    @Test
    void a_prepared_transaction_arrives_once_it_is_committed() {
        prepare("kept", insert(1, "prepared"));
        prepare("undone", insert(2, "prepared"));
        execute(pipeline.sourceUrl(), insert(3, "another session"));
        awaitRows("3 another session");

        execute(pipeline.sourceUrl(), "ROLLBACK PREPARED '" + pipeline.topic() + " undone'", insert(4, "rolled back"));
        awaitRows("3 another session", "4 rolled back");
        execute(pipeline.sourceUrl(), "COMMIT PREPARED '" + pipeline.topic() + " kept'");

        awaitRows("1 prepared", "3 another session", "4 rolled back");
        pipeline.awaitEqual();
    }

    @Test
    void a_writer_in_another_database_of_the_cluster_delays_nothing() throws Exception {
        try (Connection elsewhere = Databases.connect(Backend.running().sourceUrl("postgres"))) {
            execute(elsewhere, "BEGIN", "CREATE TABLE " + pipeline.topic() + " AS SELECT 1 AS n");
            for (int id = 1; id <= 5; id++) {
                execute(pipeline.sourceUrl(), insert(id, "row"));
                awaitRows(Stream.iterate(1, n -> n + 1)
                        .limit(id)
                        .map(n -> n + " row")
                        .toArray(String[]::new));
            }
            pipeline.awaitEqual();

            execute(elsewhere, "ROLLBACK");
        }
        pipeline.awaitEqual();
    }

    @Test
    void a_thousand_transactions_pass_a_long_one_with_writes() {
        Connection longOne = begin();
        execute(longOne, "INSERT INTO employees (emp_id, city) SELECT n, 'long' FROM generate_series(5001, 5100) n");
        Connection others = session();
        for (int id = 1; id <= 1000; id++) {
            execute(others, insert(id, "short"));
        }
        await().atMost(AT_ONCE).untilAsserted(() -> assertThat(cities()).isEqualTo(Map.of("short", 1000)));

        execute(longOne, "UPDATE employees SET city = 'long overwrote' WHERE emp_id = 500", "COMMIT");

        await().atMost(AT_ONCE)
                .untilAsserted(
                        () -> assertThat(cities()).isEqualTo(Map.of("short", 999, "long", 100, "long overwrote", 1)));
        pipeline.awaitEqual();
    }

    @Test
    void a_bulk_insert_that_is_rolled_back_leaves_no_trace() {
        Connection session = begin();
        execute(session, "INSERT INTO employees (emp_id, city) SELECT n, 'bulk' FROM generate_series(1, 20000) n");
        execute(pipeline.sourceUrl(), insert(30_000, "meanwhile"));
        awaitRows("30000 meanwhile");

        execute(session, "ROLLBACK");
        execute(pipeline.sourceUrl(), insert(7, "afterwards"));

        awaitRows("7 afterwards", "30000 meanwhile");
        pipeline.awaitEqual();
    }

    @Test
    void truncate_removes_what_was_there_and_nothing_that_came_after() {
        execute(pipeline.sourceUrl(), insert(1, "old"), insert(2, "old"));
        awaitRows("1 old", "2 old");
        Connection session = begin();
        execute(session, insert(3, "old"), "TRUNCATE employees", insert(2, "new"), "SAVEPOINT s", "TRUNCATE employees");
        execute(session, insert(4, "rolled back"), "ROLLBACK TO SAVEPOINT s");
        assertThat(arrived()).containsExactly("1 old", "2 old");

        execute(session, "COMMIT");

        awaitRows("2 new");
        execute(pipeline.sourceUrl(), "TRUNCATE employees RESTART IDENTITY");
        awaitRows();
        pipeline.awaitEqual();
    }

    @Test
    void primary_keys_are_changed_swapped_and_reused_several_times_in_one_transaction() {
        execute(pipeline.sourceUrl(), insert(1, "one"), insert(2, "two"), insert(3, "three"));
        awaitRows("1 one", "2 two", "3 three");
        Connection session = begin();
        for (int round = 0; round < 3; round++) {
            execute(session, move(1, 10), insert(1, "reused"), move(2, 99), move(3, 2), move(99, 3));
            execute(session, "DELETE FROM employees WHERE emp_id = 1", move(10, 1));
        }
        execute(session, move(1, 10), insert(1, "reused"), "DELETE FROM employees WHERE emp_id = 10");
        execute(session, "UPDATE employees SET emp_id = -emp_id", "UPDATE employees SET emp_id = 1 - emp_id");
        assertThat(arrived()).containsExactly("1 one", "2 two", "3 three");

        execute(session, "COMMIT");

        awaitRows("2 reused", "3 three", "4 two");
        pipeline.awaitEqual();
    }

    @Test
    void the_records_of_a_key_lie_on_the_topic_in_the_order_of_its_changes() {
        for (int round = 0; round < 20; round++) {
            Connection a = begin();
            Connection b = begin();
            execute(a, "SELECT pg_current_xact_id()");
            execute(b, insert(1, "b"), insert(2, "b"), move(2, 3), "COMMIT");
            execute(a, update(1, "a"), move(3, 2), "DELETE FROM employees", "COMMIT");
        }
        execute(pipeline.sourceUrl(), insert(4, "end"));
        awaitRows("4 end");

        Map<String, Long> latest = new HashMap<>();
        Set<Long> seen = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : Topics.read(pipeline.bootstrapServers(), pipeline.topic())) {
            long actionId = Topics.actionId(record.value());
            if (seen.add(actionId)) {
                Long before = latest.put(new String(record.key(), StandardCharsets.UTF_8), actionId);
                assertThat(before == null ? 0 : before)
                        .as("action_id before %d of the same key", actionId)
                        .isLessThan(actionId);
            }
        }
        assertThat(latest).containsKeys("1", "2", "3", "4");
        pipeline.awaitEqual();
    }

    private Connection session() {
        Connection session = Databases.connect(pipeline.sourceUrl());
        sessions.add(session);
        return session;
    }

    private Connection begin() {
        Connection session = session();
        execute(session, "BEGIN");
        return session;
    }

    private void prepare(String name, String statement) {
        execute(begin(), statement, "PREPARE TRANSACTION '" + pipeline.topic() + " " + name + "'");
    }

    private static String insert(int id, String city) {
        return "INSERT INTO employees (emp_id, city) VALUES (" + id + ", '" + city + "')";
    }

    private static String update(int id, String city) {
        return "UPDATE employees SET city = '" + city + "' WHERE emp_id = " + id;
    }

    private static String move(int from, int to) {
        return "UPDATE employees SET emp_id = " + to + " WHERE emp_id = " + from;
    }

    private static void awaitRows(String... rows) {
        await().atMost(Pipeline.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(arrived()).containsExactly(rows));
    }

    private static List<String> arrived() {
        return Databases.query(
                pipeline.destinationUrl(), "SELECT emp_id || ' ' || city FROM employees ORDER BY emp_id LIMIT 100");
    }

    private static Map<String, Integer> cities() {
        Map<String, Integer> counts = new HashMap<>();
        Databases.query(pipeline.destinationUrl(), "SELECT city FROM employees")
                .forEach(city -> counts.merge(city, 1, Integer::sum));
        return counts;
    }
}
