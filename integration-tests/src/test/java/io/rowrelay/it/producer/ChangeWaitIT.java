package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.producer.jdbc.ChangeWait;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends the wait for changes inside the source, and what it costs others. A wait that misses its change runs into a deadline. */
@Timeout(180)
class ChangeWaitIT {
    private static final Duration LOOKS = Duration.ofMillis(10);
    private static final Duration EVER = Duration.ofHours(1);
    private static final String CHANGE = "INSERT INTO emp_cdc (emp_id, action) VALUES (1, 'INSERT')";

    private final Pipeline pipeline = Pipeline.create();
    private Connection writer;
    private Connection producer;
    private ChangeTable table;

    @BeforeEach
    void open() throws Exception {
        writer = pipeline.source();
        producer = pipeline.source();
        JdbcSourceDatabase.prepare(producer);
        table = ChangeTableCatalog.read(producer, "employees", "emp_cdc");
        producer.commit();
        deadline("60s");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void ends_at_a_change_that_was_there_before() throws Exception {
        String checkpoint = snapshot();
        execute(writer, CHANGE);

        waiting(EVER).await(checkpoint);

        assertThat(isOver(checkpoint)).isTrue();
    }

    @Test
    void ends_at_a_change_that_comes_meanwhile() throws Exception {
        String checkpoint = snapshot();
        Thread later = whenItSleeps(() -> execute(writer, CHANGE));

        waiting(EVER).await(checkpoint);

        later.join();
        assertThat(isOver(checkpoint)).isTrue();
    }

    /** Its changes have older ids than the checkpoint has seen. */
    @Test
    void ends_at_the_commit_of_a_transaction_that_ran_before() throws Exception {
        execute(writer, "BEGIN", CHANGE);
        execute(pipeline.source(), "SELECT pg_current_xact_id()");
        String checkpoint = snapshot();
        assertThat(isOver(checkpoint)).as("while it is open").isFalse();
        Thread later = whenItSleeps(() -> execute(writer, "COMMIT"));

        waiting(EVER).await(checkpoint);

        later.join();
        assertThat(isOver(checkpoint)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT pg_current_xact_id()", "CREATE TABLE other (id int)"})
    void goes_on_when_somebody_writes_something_else(String other) throws Exception {
        String checkpoint = snapshot();
        execute(writer, other);

        assertThat(isOver(checkpoint)).isFalse();
    }

    @Test
    void goes_on_when_a_change_was_rolled_back() throws Exception {
        execute(writer, "BEGIN", CHANGE);
        execute(pipeline.source(), "SELECT pg_current_xact_id()");
        String checkpoint = snapshot();
        execute(writer, "ROLLBACK", "BEGIN", CHANGE, "ROLLBACK");

        assertThat(isOver(checkpoint)).isFalse();
    }

    @Test
    void gives_up_after_its_time() throws Exception {
        waiting(Duration.ofMillis(50)).await(snapshot());

        assertThat(producer.getAutoCommit()).isFalse();
    }

    /** A role that alters the table must not wait for the producer to be idle. A look takes a lock; a sleep after it must not. */
    @Test
    void holds_no_lock_while_it_sleeps() throws Exception {
        String checkpoint = snapshot();
        execute(writer, "SELECT pg_current_xact_id()");
        List<String> locked = new ArrayList<>();
        Thread later = whenItSleeps(() -> {
            while (locked.size() < 100) {
                locked.addAll(
                        Databases.query(
                                writer,
                                "SELECT EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND relation = 'emp_cdc'::regclass)"
                                        + " FROM pg_stat_activity a WHERE datname = current_database() AND wait_event = 'PgSleep'"));
            }
            execute(writer, CHANGE);
        });

        waiting(EVER).await(checkpoint);

        later.join();
        // It may have woken between the two looks of a sample.
        assertThat(locked.stream().filter("t"::equals)).hasSizeLessThan(locked.size() / 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reads_nothing_of_a_large_table_that_has_nothing_new(boolean planned) throws Exception {
        execute(writer, "ALTER TABLE emp_cdc SET (autovacuum_enabled = false)");
        if (planned) {
            isOver(snapshot());
        }
        execute(writer, "INSERT INTO emp_cdc (emp_id, action) SELECT n, 'INSERT' FROM generate_series(1, 100000) n");
        String checkpoint = snapshot();
        long before = Databases.rowsRead(writer, "emp_cdc");

        assertThat(isOver(checkpoint)).isFalse();

        Databases.query(producer, "SELECT pg_stat_force_next_flush()");
        producer.commit();
        assertThat(Databases.rowsRead(writer, "emp_cdc") - before).isLessThan(100);
    }

    /** Both are revoked where people must not keep a server busy. */
    @ParameterizedTest
    @ValueSource(strings = {"USAGE ON LANGUAGE plpgsql", "EXECUTE ON FUNCTION pg_sleep(float8)"})
    void is_not_tried_by_a_role_that_may_not_do_it(String right) throws Exception {
        assertThat(ChangeWait.of(producer, List.of(table), LOOKS)).isPresent();
        execute(writer, "REVOKE " + right + " FROM PUBLIC", "CREATE ROLE strict_reader_of_changes");
        execute(producer, "SET ROLE strict_reader_of_changes");
        try {
            assertThat(ChangeWait.of(producer, List.of(table), LOOKS)).isEmpty();
        } finally {
            execute(producer, "RESET ROLE");
            producer.commit();
            execute(writer, "DROP ROLE strict_reader_of_changes", "GRANT " + right + " TO PUBLIC");
        }
    }

    @Test
    void is_not_tried_where_looks_are_to_be_rare() throws Exception {
        assertThat(ChangeWait.of(producer, List.of(table), Duration.ofMillis(40)))
                .isPresent();
        assertThat(ChangeWait.of(producer, List.of(table), Duration.ofMillis(41)))
                .isEmpty();
    }

    @Test
    void serves_a_table_whose_columns_have_the_names_of_its_variables() throws Exception {
        execute(writer, "ALTER TABLE emp_cdc ADD read text, ADD given text, ADD look text, ADD wait text, ADD x int");
        String checkpoint = snapshot();
        execute(writer, "SELECT pg_current_xact_id()");
        assertThat(isOver(checkpoint)).isFalse();

        execute(writer, CHANGE);

        assertThat(isOver(checkpoint)).isTrue();
    }

    @Test
    void serves_a_table_with_an_awkward_name() throws Exception {
        String name = "\"it's $$ a \\ \"\" 'table\"";
        execute(writer, "ALTER TABLE emp_cdc RENAME TO " + name);
        table = new ChangeTable(
                "public." + name, table.oid(), table.printedLike(), table.definition(), table.columns(), table.key());
        String checkpoint = snapshot();
        assertThat(isOver(checkpoint)).isFalse();

        execute(writer, CHANGE.replace("emp_cdc", name));

        assertThat(isOver(checkpoint)).isTrue();
    }

    /** Whether a wait ends before the server's deadline. */
    private boolean isOver(String checkpoint) throws SQLException {
        deadline("500ms");
        try {
            waiting(EVER).await(checkpoint);
            return true;
        } catch (SQLException timeout) {
            assertThat(timeout.getSQLState()).isEqualTo("57014");
            producer.setAutoCommit(false);
            return false;
        } finally {
            deadline("60s");
        }
    }

    private ChangeWait waiting(Duration longest) {
        return new ChangeWait(producer, List.of(table), LOOKS, longest);
    }

    private void deadline(String time) throws SQLException {
        execute(producer, "SET statement_timeout = '" + time + "'");
        producer.commit();
    }

    private Thread whenItSleeps(Runnable action) {
        Thread thread = new Thread(() -> {
            try (Connection observer = pipeline.source()) {
                Awaitility.await()
                        .atMost(Pipeline.PATIENCE)
                        .until(() -> Databases.query(
                                                observer,
                                                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
                                        .size()
                                == 1);
                action.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    /** As another session sees it: one's own transaction is never among those that run. */
    private String snapshot() {
        return Databases.query(pipeline.sourceUrl(), "SELECT pg_current_snapshot()")
                .get(0);
    }
}
