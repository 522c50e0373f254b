package io.rowrelay.it.capture;

import static io.rowrelay.it.capture.Replay.EMPLOYEES;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session keeps the plans of its triggers for as long as it lives: they must suit a table that has grown since. */
class CaptureTriggerPlansIT {
    private static final String SCANS =
            "SELECT sum(seq_scan) FROM pg_stat_xact_user_tables WHERE relid IN ('employees'::regclass, 'emp_cdc'::regclass)";

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run(
                "ALTER TABLE employees SET (autovacuum_enabled = off); INSERT INTO employees (city) VALUES ('a'), ('b'), ('c'), ('d');"
                        + " ANALYZE employees");
        session.run("VACUUM ANALYZE emp_cdc");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void reads_rows_anew_by_key_though_planned_when_the_table_was_tiny() throws SQLException {
        String everyPath = """
                UPDATE employees SET city = 'x' WHERE emp_id = 1;
                UPDATE employees SET city = 'y' WHERE emp_id = 1;
                UPDATE employees SET emp_id = -1 WHERE emp_id = 2;
                DELETE FROM employees WHERE emp_id = 3;
                INSERT INTO employees (emp_id) VALUES (3), (2);
                DELETE FROM employees WHERE emp_id = -1;""";
        session.run("BEGIN;" + everyPath + "COMMIT");
        try (Session other = database.connect()) {
            other.run("INSERT INTO employees (city) SELECT 'many' FROM generate_series(1, 20000)");
        }

        session.run("BEGIN");
        String before = session.value(SCANS);
        session.run(everyPath);
        String after = session.value(SCANS);
        session.run("COMMIT");

        assertThat(after).isEqualTo(before);
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void leaves_the_settings_of_the_session_as_they_are() throws SQLException {
        session.run(
                "BEGIN; UPDATE employees SET city = 'x' WHERE emp_id = 1; INSERT INTO employees (city) VALUES ('e')");

        assertThat(session.value("SHOW enable_seqscan")).isEqualTo("on");
    }

    @Test
    void captures_many_rows_in_no_time_though_planned_for_one() throws SQLException {
        session.run("UPDATE employees SET city = 'x' WHERE emp_id = 1; DELETE FROM employees WHERE emp_id = 1;"
                + " UPDATE employees SET emp_id = -2 WHERE emp_id = 2; BEGIN; UPDATE employees SET city = 'x' WHERE emp_id = 3;"
                + " UPDATE employees SET city = 'y' WHERE emp_id = 3; COMMIT");

        // A nested loop over two transition tables would take minutes.
        session.run(
                "SET statement_timeout = '60s'; INSERT INTO employees (city) SELECT 'many' FROM generate_series(1, 50000);"
                        + " UPDATE employees SET city = 'all'; UPDATE employees SET emp_id = -emp_id; BEGIN; UPDATE employees SET city = 'a';"
                        + " UPDATE employees SET city = 'b'; COMMIT; DELETE FROM employees WHERE city = 'b'");

        EMPLOYEES.assertEqual(session);
    }
}
