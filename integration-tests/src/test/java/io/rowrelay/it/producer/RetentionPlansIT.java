package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.EmployeesStream;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.producer.jdbc.Retention;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A step of the retention touches the first rows only, though the planner believes the change table to be empty. */
@Timeout(120)
class RetentionPlansIT {
    private static final int CHUNK = 2_000;

    private final Pipeline pipeline = Pipeline.create();
    private final HikariDataSource pool = Databases.pool(pipeline.sourceUrl(), "");
    private final List<Integer> removed = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final Retention retention = new Retention(
            pool, EmployeesStream.STREAM.name(), EmployeesStream.TABLE, Duration.ZERO, removed::add, clock::get);
    private Connection writer;

    @BeforeEach
    void open() {
        writer = pipeline.source();
        execute(writer, "ALTER TABLE emp_cdc SET (autovacuum_enabled = false)");
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
        pipeline.close();
    }

    /** Then the planner counts on no rows, however many pages it sees. */
    @Test
    void costs_one_chunk_when_the_table_was_empty_the_last_time_it_was_vacuumed() throws Exception {
        fill();
        execute(writer, "DELETE FROM emp_cdc", "VACUUM (ANALYZE, TRUNCATE false) emp_cdc");
        fill();
        long before = Databases.rowsRead(writer, "emp_cdc");

        assertThat(retention.step()).isEqualTo(CHUNK);
        assertThat(Databases.rowsRead(writer, "emp_cdc") - before).isLessThan(10L * CHUNK);
    }

    /** Removed rows stay in the index as long as a transaction is open that began before. */
    @Test
    void costs_one_chunk_however_much_was_removed_since_a_transaction_began() throws Exception {
        fill();
        try (Connection report = pipeline.source()) {
            execute(report, "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM employees");
            for (int chunk = 0; chunk < 20; chunk++) {
                assertThat(retention.step()).isEqualTo(CHUNK);
            }
            long before = entriesRead();

            assertThat(retention.step()).isEqualTo(CHUNK);

            assertThat(entriesRead() - before).isLessThan(5L * CHUNK);
        }
    }

    /** Its transaction took the id long before it ended. */
    @Test
    void a_change_that_appears_before_what_is_gone_is_removed_later() throws Exception {
        fill();
        execute(writer, "DELETE FROM emp_cdc WHERE action_id = 7");
        retention.step();
        execute(
                writer,
                "INSERT INTO emp_cdc (action_id, emp_id, action) OVERRIDING SYSTEM VALUE VALUES (7, 7, 'UPDATE')");
        fill();

        retention.step();
        assertThat(first()).isEqualTo(7);
        clock.addAndGet(Duration.ofHours(1).toNanos());
        retention.step();
        assertThat(first()).isGreaterThan(2 * CHUNK);
    }

    /** It may be held by whom it likes: what is behind it goes. */
    @Test
    void a_change_that_was_held_is_removed_when_it_no_longer_is() throws Exception {
        fill();
        try (Connection holder = pipeline.source()) {
            execute(holder, "BEGIN", "SELECT FROM emp_cdc WHERE action_id = 7 FOR UPDATE");
            retention.step();
            assertThat(removed).containsExactly(CHUNK - 1);
            execute(holder, "ROLLBACK");
        }

        retention.step();
        assertThat(removed).containsExactly(CHUNK - 1, CHUNK);
        assertThat(first()).isGreaterThan(CHUNK);
    }

    private long first() {
        return Long.parseLong(
                Databases.query(writer, "SELECT min(action_id) FROM emp_cdc").get(0));
    }

    /** Asks the session that removes: it knows best what it has read. */
    private long entriesRead() throws Exception {
        try (Connection connection = pool.getConnection()) {
            return Databases.entriesRead(connection, "emp_cdc_pkey");
        }
    }

    private void fill() {
        execute(
                writer,
                "INSERT INTO emp_cdc (emp_id, action) SELECT n, 'INSERT' FROM generate_series(1, 50000) n",
                "INSERT INTO cdc_offset (stream, last_action_id, highest_action_id, snapshot, system_identifier)"
                        + " VALUES ('employees', 0, 0, pg_current_snapshot(), 0)"
                        + " ON CONFLICT (stream) DO UPDATE SET snapshot = EXCLUDED.snapshot");
    }
}
