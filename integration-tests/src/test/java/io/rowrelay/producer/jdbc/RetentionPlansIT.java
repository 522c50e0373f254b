package io.rowrelay.producer.jdbc;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A step of the retention touches the first rows only, though the planner believes the change table to be empty. */
@Timeout(120)
class RetentionPlansIT {
    private static final int CHUNK = 2_000;

    private final Pipeline pipeline = Pipeline.create();
    private Connection writer;

    @BeforeEach
    void open() {
        writer = pipeline.source();
        execute(writer, "ALTER TABLE emp_cdc SET (autovacuum_enabled = false)");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    /** Then the planner counts on no rows, however many pages it sees. */
    @Test
    void costs_one_chunk_when_the_table_was_empty_the_last_time_it_was_vacuumed() throws Exception {
        fill();
        execute(writer, "DELETE FROM emp_cdc", "VACUUM (ANALYZE, TRUNCATE false) emp_cdc");
        fill();
        long before = Databases.rowsRead(writer, "emp_cdc");

        assertThat(removed()).containsExactly(CHUNK);
        assertThat(Databases.rowsRead(writer, "emp_cdc") - before).isLessThan(10L * CHUNK);
    }

    private void fill() {
        execute(
                writer,
                "INSERT INTO emp_cdc (emp_id, action) SELECT n, 'INSERT' FROM generate_series(1, 50000) n",
                "INSERT INTO cdc_offset (stream, last_action_id, highest_action_id, snapshot, system_identifier)"
                        + " VALUES ('employees', 0, 0, pg_current_snapshot(), 0)"
                        + " ON CONFLICT (stream) DO UPDATE SET snapshot = EXCLUDED.snapshot");
    }

    private List<Integer> removed() throws Exception {
        List<Integer> removed = new ArrayList<>();
        try (HikariDataSource pool = Databases.pool(pipeline.sourceUrl(), "")) {
            new Retention(
                            pool,
                            new JdbcSourceDatabase.Stream("employees", "employees", "emp_cdc", 100, 900_000),
                            Duration.ZERO,
                            removed::add)
                    .step();
        }
        return removed;
    }
}
