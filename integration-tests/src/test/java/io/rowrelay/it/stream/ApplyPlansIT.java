package io.rowrelay.it.stream;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.consumer.jdbc.TombstoneRetention;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.apply.jdbc.AppliedTable;
import io.rowrelay.stream.apply.jdbc.ApplyStatements;
import io.rowrelay.stream.apply.jdbc.DestinationCatalog;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The consumer's statements, planned as in its own sessions: generic plans, made for tables that were never analysed, empty or full.
 * Whatever the planner knows, a change has to look up its own row and its own tombstone.
 */
@Timeout(120)
class ApplyPlansIT {
    /** What the planner knows of the tables. */
    enum Statistics {
        NONE,
        EMPTY,
        FULL
    }

    private final Pipeline pipeline = Pipeline.create();
    private Connection consumer;
    private AppliedTable table;

    @BeforeEach
    void open() throws Exception {
        consumer = pipeline.destination();
        execute(
                consumer,
                JdbcChangeApplier.SESSION,
                "ALTER TABLE employees SET (autovacuum_enabled = false)",
                "ALTER TABLE cdc_tombstone SET (autovacuum_enabled = false)");
        table = DestinationCatalog.read(consumer, "employees", "employees");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    /** The plan is kept while the tables grow. */
    @ParameterizedTest
    @EnumSource
    void each_change_looks_up_its_own_tombstone(Statistics statistics) throws SQLException {
        if (statistics == Statistics.FULL) {
            fill();
        }
        if (statistics != Statistics.NONE) {
            execute(consumer, "ANALYZE employees, cdc_tombstone");
        }

        for (ApplyStatements.Form form : ApplyStatements.Form.values()) {
            assertThat(plan(form, new ApplyStatements(table, form).upsert(table.columns())))
                    .contains("Index Cond: ((stream = $", "AND (key = ")
                    .doesNotContain("Materialize", "Seq Scan", "Hash", "Merge");
        }
        assertThat(plan(
                        ApplyStatements.Form.ARRAYS,
                        new ApplyStatements(table, ApplyStatements.Form.ARRAYS).upsert(table.columns())))
                .as("the look at the newest tombstones")
                .contains("using cdc_tombstone_newest_idx", "AND (action_id >= $")
                .doesNotContain("Sort");
    }

    /** Whatever was known of the table when it was small. */
    @Test
    void deletions_look_up_their_rows_when_the_table_has_grown_since_the_first_ones() throws Exception {
        execute(consumer, "VACUUM ANALYZE employees, cdc_tombstone");
        for (int i = 0; i < 10; i++) {
            delete(1);
        }
        fill();

        assertDeletionsLookUpTheirRows();
    }

    /** Then the planner counts on no rows, however many pages it sees. */
    @Test
    void deletions_look_up_their_rows_when_the_table_was_empty_the_last_time_it_was_vacuumed() throws Exception {
        fill();
        execute(consumer, "DELETE FROM employees", "VACUUM (ANALYZE, TRUNCATE false) employees");
        fill();

        assertDeletionsLookUpTheirRows();
    }

    @Test
    void old_tombstones_are_looked_up_when_the_table_was_empty_the_last_time_it_was_vacuumed() throws Exception {
        fill();
        execute(
                consumer,
                "DELETE FROM cdc_tombstone",
                "VACUUM (ANALYZE, TRUNCATE false) cdc_tombstone",
                "TRUNCATE employees");
        fill();
        long before = Databases.rowsRead(consumer, "cdc_tombstone");

        try (HikariDataSource pool = Databases.pool(pipeline.destinationUrl(), JdbcChangeApplier.SESSION)) {
            assertThat(new TombstoneRetention(pool, "employees", Duration.ZERO, rows -> {}, System::nanoTime).step())
                    .isEqualTo(1_000);
        }

        assertThat(Databases.rowsRead(consumer, "cdc_tombstone") - before).isLessThan(10_000);
    }

    private void assertDeletionsLookUpTheirRows() throws Exception {
        long before = Databases.entriesRead(consumer, "employees_pkey");

        delete(1_000);

        assertThat(Databases.entriesRead(consumer, "employees_pkey") - before).isBetween(1_000L, 5_000L);
        assertThat(Databases.query(consumer, "SELECT count(*) FROM employees")).containsExactly("19000");
    }

    /** Deletes the first rows, as a batch of the consumer does. */
    private void delete(int rows) throws Exception {
        List<ValidChange> events = IntStream.rangeClosed(1, rows)
                .mapToObj(id -> Batches.change(100_000 + id, Action.DELETE, id))
                .toList();
        Batches.apply(consumer, table, events);
    }

    private void fill() {
        execute(
                consumer,
                "INSERT INTO employees (emp_id, first_name) SELECT n, 'First' FROM generate_series(1, 20000) n",
                "INSERT INTO cdc_tombstone SELECT 'employees', n::text, n FROM generate_series(1, 20000) n ON CONFLICT DO NOTHING");
    }

    private String plan(ApplyStatements.Form form, String sql) throws SQLException {
        StringBuilder numbered = new StringBuilder();
        int number = 0;
        for (String piece : (sql + " ").split("\\?", -1)) {
            numbered.append(number == 0 ? "" : "$" + number).append(piece);
            number++;
        }
        String types = form == ApplyStatements.Form.ARRAYS ? "" : "(bytea, text[], text)";
        execute(
                consumer,
                "DEALLOCATE ALL",
                "PREPARE apply" + types + " AS " + RolePath.qualified(consumer, numbered.toString()));
        int parameters = form == ApplyStatements.Form.ARRAYS ? number - 1 : 3;
        return String.join(
                "\n",
                Databases.query(
                        consumer,
                        "EXPLAIN EXECUTE apply(" + String.join(", ", Collections.nCopies(parameters, "NULL")) + ")"));
    }
}
