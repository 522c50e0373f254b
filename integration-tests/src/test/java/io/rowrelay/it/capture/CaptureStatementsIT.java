package io.rowrelay.it.capture;

import static io.rowrelay.it.capture.Replay.EMPLOYEES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of statement that writes a table leaves the changes it made, and they replay to the table. */
class CaptureStatementsIT {
    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run("INSERT INTO employees SELECT i, 'name ' || i, 'last', '1980-01-01', 'city', i * 1000"
                + " FROM generate_series(1, 3) i; CREATE TABLE mark AS SELECT max(action_id) AS id FROM emp_cdc");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                arguments("INSERT INTO employees (emp_id) VALUES (4), (5)", List.of("INSERT 4", "INSERT 5")),
                arguments("INSERT INTO employees SELECT WHERE false", List.of()),
                arguments("UPDATE employees SET salary = 1 WHERE emp_id < 3", List.of("UPDATE 1", "UPDATE 2")),
                arguments("UPDATE employees SET salary = salary WHERE emp_id = 1", List.of("UPDATE 1")),
                arguments("UPDATE employees SET salary = 1 WHERE emp_id > 3", List.of()),
                arguments("DELETE FROM employees WHERE emp_id > 1", List.of("DELETE 2", "DELETE 3")),
                arguments("DELETE FROM employees WHERE emp_id > 3", List.of()),
                arguments("TRUNCATE employees", List.of("DELETE 1", "DELETE 2", "DELETE 3")),
                arguments(
                        "TRUNCATE employees RESTART IDENTITY; INSERT INTO employees (city) VALUES ('new')",
                        List.of("DELETE 1", "DELETE 2", "DELETE 3", "INSERT 1")),
                arguments(
                        "INSERT INTO employees VALUES (3, 'three'), (4, 'four') ON CONFLICT (emp_id) DO NOTHING",
                        List.of("INSERT 4")),
                arguments(
                        "INSERT INTO employees VALUES (3, 'three'), (4, 'four'), (1, 'one')"
                                + " ON CONFLICT (emp_id) DO UPDATE SET first_name = EXCLUDED.first_name",
                        List.of("UPDATE 3", "UPDATE 1", "INSERT 4")),
                arguments(
                        "INSERT INTO employees VALUES (3), (4)"
                                + " ON CONFLICT (emp_id) DO UPDATE SET emp_id = EXCLUDED.emp_id + 10",
                        List.of("DELETE 3", "INSERT 13", "INSERT 4")),
                arguments("""
                        MERGE INTO employees e USING (VALUES (1), (2), (4)) AS v (id) ON e.emp_id = v.id
                        WHEN MATCHED AND v.id = 1 THEN DELETE
                        WHEN MATCHED THEN UPDATE SET city = 'merged'
                        WHEN NOT MATCHED THEN INSERT (emp_id) VALUES (v.id)
                        WHEN NOT MATCHED BY SOURCE THEN DO NOTHING""", List.of("DELETE 1", "UPDATE 2", "INSERT 4")),
                arguments("""
                        WITH gone AS (DELETE FROM employees WHERE emp_id = 1 RETURNING *),
                             moved AS (UPDATE employees SET city = 'moved' WHERE emp_id = 2 RETURNING *)
                        INSERT INTO employees (emp_id) SELECT emp_id + 10 FROM gone UNION ALL SELECT emp_id + 10 FROM moved""", List.of("DELETE 1", "UPDATE 2", "INSERT 11", "INSERT 12")),
                arguments(
                        "UPDATE employees e SET city = o.first_name FROM employees o WHERE o.emp_id = e.emp_id + 1",
                        List.of("UPDATE 1", "UPDATE 2")),
                arguments(
                        "DELETE FROM employees e USING employees o WHERE o.emp_id < e.emp_id",
                        List.of("DELETE 2", "DELETE 3")),
                arguments(
                        "UPDATE employees SET emp_id = emp_id + 100 WHERE emp_id = 2",
                        List.of("DELETE 2", "INSERT 102")),
                arguments(
                        "UPDATE employees SET emp_id = emp_id + 100",
                        List.of("DELETE 1", "DELETE 2", "DELETE 3", "INSERT 101", "INSERT 102", "INSERT 103")),
                arguments("SELECT * FROM employees FOR UPDATE", List.of()),
                arguments(
                        "DO $$ BEGIN UPDATE employees SET city = 'a'; DELETE FROM employees WHERE emp_id = 1; END $$",
                        List.of("UPDATE 1", "UPDATE 2", "UPDATE 3", "DELETE 1")));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void captures(String statement, List<String> expected) throws SQLException {
        session.run(statement);

        assertThat(changesSinceSetUp()).isEqualTo(expected);
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void writes_the_new_row_of_an_update_and_the_old_one_of_a_delete() throws SQLException {
        session.run("UPDATE employees SET city = 'new city' WHERE emp_id = 1; DELETE FROM employees WHERE emp_id = 2");

        assertThat(session.list("SELECT concat_ws(',', action, emp_id, first_name, city, salary) FROM emp_cdc, mark"
                        + " WHERE action_id > mark.id ORDER BY action_id"))
                .containsExactly("UPDATE,1,name 1,new city,1000.00", "DELETE,2,name 2,city,2000.00");
    }

    @Test
    void stamps_a_change_with_its_time_and_its_top_level_transaction() throws SQLException {
        session.run("BEGIN; SAVEPOINT s; UPDATE employees SET city = 'x' WHERE emp_id = 1");

        assertThat(session.value("SELECT xid = pg_current_xact_id() AND changed_at > now()"
                        + " FROM emp_cdc ORDER BY action_id DESC LIMIT 1"))
                .isEqualTo("t");
        session.run("COMMIT");
    }

    @Test
    void captures_copy() throws SQLException {
        session.copy("COPY employees (emp_id, city) FROM STDIN", "7\tCopenhagen\n8\t\\N\n");

        assertThat(changesSinceSetUp()).containsExactly("INSERT 7", "INSERT 8");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void captures_copy_in_a_restore_or_replication_session() throws SQLException {
        session.run("SET session_replication_role = replica");
        session.copy("COPY employees (emp_id, city) FROM STDIN", "7\tCopenhagen\n");
        session.run("UPDATE employees SET city = 'restored' WHERE emp_id = 1; DELETE FROM employees WHERE emp_id = 2");

        assertThat(changesSinceSetUp()).containsExactly("INSERT 7", "UPDATE 1", "DELETE 2");
        session.run("TRUNCATE employees");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void captures_what_comes_through_a_view() throws SQLException {
        session.run("""
                CREATE VIEW simple AS SELECT * FROM employees WHERE city = 'city';
                CREATE VIEW ruled AS SELECT emp_id, upper(city) AS city FROM employees;
                CREATE FUNCTION write() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN UPDATE employees SET city = lower(NEW.city) WHERE emp_id = NEW.emp_id; RETURN NEW; END $$;
                CREATE TRIGGER write INSTEAD OF UPDATE ON ruled FOR EACH ROW EXECUTE FUNCTION write();
                UPDATE simple SET salary = 0 WHERE emp_id = 1;
                UPDATE ruled SET city = 'RULED' WHERE emp_id > 1;""");

        assertThat(changesSinceSetUp()).containsExactly("UPDATE 1", "UPDATE 2", "UPDATE 3");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void captures_what_a_prepared_transaction_wrote_and_forgets_what_was_rolled_back() throws SQLException {
        session.run(
                "BEGIN; UPDATE employees SET city = 'prepared'; INSERT INTO employees VALUES (9); PREPARE TRANSACTION 'kept'");
        session.run("COMMIT PREPARED 'kept'; BEGIN; DELETE FROM employees; PREPARE TRANSACTION 'not kept'");
        session.run("ROLLBACK PREPARED 'not kept'; BEGIN; DELETE FROM employees; ROLLBACK");

        assertThat(changesSinceSetUp()).containsExactly("UPDATE 1", "UPDATE 2", "UPDATE 3", "INSERT 9");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void refuses_truncate_with_a_snapshot_that_may_miss_rows() throws SQLException {
        for (String level : List.of("REPEATABLE READ", "SERIALIZABLE")) {
            session.run("BEGIN ISOLATION LEVEL " + level);
            assertThatThrownBy(() -> session.run("TRUNCATE employees"))
                    .hasMessageContaining(
                            "TRUNCATE of public.employees cannot be captured in a " + level.toLowerCase(Locale.ROOT))
                    .hasMessageContaining("Use a READ COMMITTED transaction, or DELETE.");
            session.run("ROLLBACK");
        }
        session.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT; DELETE FROM employees; COMMIT");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void leaves_a_transaction_that_writes_no_row_without_an_id_of_its_own() throws SQLException {
        session.run("""
                BEGIN;
                INSERT INTO employees (city) SELECT 'none' WHERE false;
                UPDATE employees SET city = 'none' WHERE false;
                DELETE FROM employees WHERE false""");

        assertThat(session.value("SELECT pg_current_xact_id_if_assigned() IS NULL"))
                .isEqualTo("t");
    }

    @Test
    void lets_serializable_transactions_delete_different_rows_at_the_same_time() throws SQLException {
        session.run("INSERT INTO employees (emp_id) SELECT generate_series(1001, 3000); ANALYZE employees");
        try (Session other = database.connect()) {
            for (Session each : List.of(session, other)) {
                each.run("BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off; SELECT");
            }
            session.run("DELETE FROM employees WHERE emp_id = 1500");
            other.run("DELETE FROM employees WHERE emp_id = 2900");
            session.run("DELETE FROM employees WHERE emp_id = 1501");
            session.run("COMMIT");
            other.run("COMMIT");
        }

        EMPLOYEES.assertEqual(session);
    }

    @Test
    void truncates_several_tables_and_those_that_refer_to_them() throws SQLException {
        session.run("""
                CREATE TABLE badge (id int PRIMARY KEY, emp_id int REFERENCES employees);
                CREATE TABLE place (id int PRIMARY KEY);
                SELECT cdc_capture('badge', 'badge_cdc'), cdc_capture('place', 'place_cdc');
                INSERT INTO badge VALUES (1, 1); INSERT INTO place VALUES (1);
                TRUNCATE employees, place CASCADE""");

        EMPLOYEES.assertEqual(session);
        new Replay("badge", "badge_cdc").assertEqual(session);
        new Replay("place", "place_cdc").assertEqual(session);
        assertThat(session.list("SELECT action FROM badge_cdc ORDER BY action_id"))
                .containsExactly("INSERT", "DELETE");
    }

    @Test
    void captures_the_cascades_of_foreign_keys() throws SQLException {
        session.run("""
                CREATE TABLE badge (id int PRIMARY KEY,
                    deleted_with int REFERENCES employees ON DELETE CASCADE ON UPDATE CASCADE,
                    cleared_with int REFERENCES employees ON DELETE SET NULL ON UPDATE CASCADE,
                    reset_with int DEFAULT 1 REFERENCES employees ON DELETE SET DEFAULT);
                SELECT cdc_capture('badge', 'badge_cdc');
                INSERT INTO badge VALUES (1, 1, 1, 1), (2, 2, 2, 1), (3, 3, 3, 1), (4, 1, 3, 1), (5, 1, 1, 3);
                UPDATE employees SET emp_id = 22 WHERE emp_id = 2;
                DELETE FROM employees WHERE emp_id IN (22, 3);""");

        assertThat(session.value("SELECT string_agg(badge::text, ' ' ORDER BY id) FROM badge"))
                .isEqualTo("(1,1,1,1) (4,1,,1) (5,1,1,1)");
        new Replay("badge", "badge_cdc").assertEqual(session);
        EMPLOYEES.assertEqual(session);
    }

    private List<String> changesSinceSetUp() throws SQLException {
        return session.list(
                "SELECT concat_ws(' ', action, emp_id) FROM emp_cdc, mark WHERE action_id > mark.id ORDER BY action_id");
    }
}
