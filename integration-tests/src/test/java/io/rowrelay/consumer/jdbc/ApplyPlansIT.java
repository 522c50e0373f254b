package io.rowrelay.consumer.jdbc;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The consumer's statements, planned as in its own sessions: generic plans, kept for as long as the session lasts, made for tables
 * that were never analysed, empty or full. Whatever the planner knows, a change has to look up its own row and its own tombstone.
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
    private DestinationTable table;

    @BeforeEach
    void open() throws Exception {
        consumer = pipeline.destination();
        execute(
                consumer,
                JdbcChangeApplier.SESSION,
                "ALTER TABLE employees SET (autovacuum_enabled = false)",
                "ALTER TABLE cdc_tombstone SET (autovacuum_enabled = false)");
        table = DestinationCatalog.read(consumer, "employees");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource
    void each_change_looks_up_its_own_row_and_its_own_tombstone(Statistics statistics) {
        if (statistics == Statistics.FULL) {
            execute(
                    consumer,
                    "INSERT INTO employees (emp_id, first_name) SELECT n, 'First' FROM generate_series(1, 20000) n",
                    "INSERT INTO cdc_tombstone SELECT 'employees', n::text, n FROM generate_series(1, 20000) n");
        }
        if (statistics != Statistics.NONE) {
            execute(consumer, "ANALYZE employees, cdc_tombstone");
        }

        for (ApplyStatements.Form form : ApplyStatements.Form.values()) {
            ApplyStatements statements = new ApplyStatements(table, form);
            assertThat(plan(form, statements.upsert(table.columns())))
                    .contains("Index Cond: ((stream = $", "AND (key = ")
                    .doesNotContain("Materialize", "Seq Scan", "Hash", "Merge");
            assertThat(plan(form, statements.delete()))
                    .contains("Index Cond: (emp_id = ")
                    .doesNotContain("Materialize", "Seq Scan", "Hash", "Merge");
        }
    }

    private String plan(ApplyStatements.Form form, String sql) {
        StringBuilder numbered = new StringBuilder();
        int number = 0;
        for (String piece : (sql + " ").split("\\?", -1)) {
            numbered.append(number == 0 ? "" : "$" + number).append(piece);
            number++;
        }
        String types = form == ApplyStatements.Form.ARRAYS ? "" : "(bytea, text[], text)";
        execute(consumer, "DEALLOCATE ALL", "PREPARE apply" + types + " AS " + numbered);
        int parameters = form == ApplyStatements.Form.ARRAYS ? number - 1 : 3;
        return String.join(
                "\n",
                Databases.query(
                        consumer,
                        "EXPLAIN EXECUTE apply(" + String.join(", ", Collections.nCopies(parameters, "NULL")) + ")"));
    }
}
