package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A partitioned table is captured as one, whichever table of its tree is written to. */
class CapturePartitionsIT {
    private static final Replay PAYMENTS = new Replay("payments", "payments_cdc");
    private static final String PROBLEMS = "SELECT problem FROM cdc_check('payments', 'payments_cdc')";

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run("""
                CREATE TABLE payments (id int, paid date, amount numeric(8, 2), note text, PRIMARY KEY (id, paid)) PARTITION BY RANGE (paid);
                CREATE TABLE january PARTITION OF payments FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
                CREATE TABLE february (note text, gone int, paid date NOT NULL, id int NOT NULL, amount numeric(8, 2));
                ALTER TABLE february DROP COLUMN gone;
                ALTER TABLE payments ATTACH PARTITION february FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
                SELECT cdc_capture('payments', 'payments_cdc')""");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void what_is_written_through_the_parent_or_a_partition_is_captured_once() throws SQLException {
        session.run("""
                INSERT INTO payments VALUES (1, '2026-01-05', 1, 'a'), (2, '2026-02-05', 2, 'b');
                INSERT INTO february (id, paid, amount) VALUES (3, '2026-02-07', 3);
                COPY payments FROM PROGRAM 'printf "4\\t2026-01-09\\t4\\tcopied\\n"';
                UPDATE payments SET amount = amount + 1 WHERE id < 3; UPDATE february SET note = 'x' WHERE id = 3;
                DELETE FROM january WHERE id = 4; DELETE FROM payments WHERE id = 2""");

        assertThat(PAYMENTS.changes(session))
                .containsExactly(
                        "INSERT 1 2026-01-05",
                        "INSERT 2 2026-02-05",
                        "INSERT 3 2026-02-07",
                        "INSERT 4 2026-01-09",
                        "UPDATE 1 2026-01-05",
                        "UPDATE 2 2026-02-05",
                        "UPDATE 3 2026-02-07",
                        "DELETE 4 2026-01-09",
                        "DELETE 2 2026-02-05");
        PAYMENTS.assertEqual(session);
    }

    @Test
    void a_row_that_moves_to_another_partition_is_a_deletion_and_an_insertion() throws SQLException {
        session.run("""
                INSERT INTO payments VALUES (1, '2026-01-05', 1, 'a'), (2, '2026-01-06', 2, 'b'); TRUNCATE payments_cdc;
                UPDATE payments SET paid = paid + 28 WHERE id = 1; UPDATE payments SET paid = paid + 1, note = 'c' WHERE id = 2""");

        assertThat(PAYMENTS.changes(session))
                .containsExactly(
                        "DELETE 1 2026-01-05", "INSERT 1 2026-02-02", "DELETE 2 2026-01-06", "INSERT 2 2026-01-07");
        PAYMENTS.assertEqual(session);
    }

    @Test
    void partitions_that_are_created_or_attached_later_are_captured_at_once() throws SQLException {
        session.run("""
                CREATE TABLE spring PARTITION OF payments FOR VALUES FROM ('2026-03-01') TO ('2026-06-01') PARTITION BY RANGE (paid);
                CREATE TABLE march PARTITION OF spring FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
                CREATE TABLE april (LIKE payments INCLUDING ALL);
                ALTER TABLE spring ATTACH PARTITION april FOR VALUES FROM ('2026-04-01') TO ('2026-05-01');
                INSERT INTO march VALUES (1, '2026-03-05', 1); INSERT INTO payments VALUES (2, '2026-04-05', 2);
                UPDATE april SET amount = 3; DELETE FROM march""");
        PAYMENTS.assertEqual(session);

        assertThat(session.list(PROBLEMS))
                .as("TRUNCATE has no triggers that a partition could get from its parent")
                .containsExactlyInAnyOrder(
                        "partition public.march is new: a TRUNCATE that names it is not captured",
                        "partition public.april is new: a TRUNCATE that names it is not captured");
        session.run("SELECT cdc_capture('payments', 'payments_cdc'); TRUNCATE april");
        assertThat(session.list(PROBLEMS)).isEmpty();
        PAYMENTS.assertEqual(session);
    }

    @Test
    void a_detached_partition_is_captured_no_more() throws SQLException {
        session.run("""
                INSERT INTO payments VALUES (1, '2026-01-05', 1); TRUNCATE payments_cdc;
                ALTER TABLE payments DETACH PARTITION january; UPDATE january SET amount = 2; INSERT INTO payments VALUES (2, '2026-02-05', 2)""");

        assertThat(PAYMENTS.changes(session)).containsExactly("INSERT 2 2026-02-05");
        session.run(
                "BEGIN ISOLATION LEVEL REPEATABLE READ; TRUNCATE january; COMMIT; INSERT INTO january VALUES (3, '2026-01-05', 1)");
        assertThat(session.list(PROBLEMS))
                .containsExactly(
                        "public.january is no partition of public.payments any more, and has its trigger cdc_truncate");
        session.run("SELECT cdc_capture('payments', 'payments_cdc')");
        assertThat(session.list(PROBLEMS)).isEmpty();
        session.run("SELECT cdc_uncapture('payments')");
        assertThat(PAYMENTS.changes(session)).containsExactly("INSERT 2 2026-02-05");
    }

    /** A partition is split in one transaction. */
    @Test
    void truncating_a_detached_partition_deletes_no_row_that_lives_in_another() throws SQLException {
        session.run("""
                INSERT INTO payments VALUES (1, '2026-01-05', 1), (2, '2026-01-25', 2);
                BEGIN; ALTER TABLE payments DETACH PARTITION january;
                CREATE TABLE early PARTITION OF payments FOR VALUES FROM ('2026-01-01') TO ('2026-01-15');
                CREATE TABLE late PARTITION OF payments FOR VALUES FROM ('2026-01-15') TO ('2026-02-01');
                INSERT INTO payments SELECT * FROM january; TRUNCATE january; COMMIT; DROP TABLE january;
                SELECT cdc_capture('payments', 'payments_cdc')""");

        PAYMENTS.assertEqual(session);
        assertThat(session.list("SELECT action FROM payments_cdc WHERE action = 'DELETE'"))
                .isEmpty();
    }

    @Test
    void capture_can_be_taken_off_after_a_partition_was_detached() throws SQLException {
        session.run(
                "ALTER TABLE payments DETACH PARTITION january; SELECT cdc_uncapture('payments'); TRUNCATE january");

        assertThat(session.list("SELECT proname FROM pg_proc WHERE proname LIKE 'payments\\_cdc%'"))
                .isEmpty();
    }

    @Test
    void a_single_row_locks_no_partition_but_its_own() throws SQLException {
        session.run("CREATE TABLE march PARTITION OF payments FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');"
                + " SELECT cdc_capture('payments', 'payments_cdc')");
        for (int i = 0; i < 10; i++) {
            session.run("INSERT INTO payments VALUES (" + i + ", '2026-01-05', 1)");
            assertThat(lockedBy("UPDATE payments SET amount = 2 WHERE id = " + i + " AND paid = '2026-01-05'"))
                    .doesNotContain("february", "march");
            assertThat(lockedBy("DELETE FROM payments WHERE id = " + i + " AND paid = '2026-01-05'"))
                    .doesNotContain("february", "march");
        }
    }

    /** More than five times, after which PostgreSQL would try a plan for all keys. */
    @Test
    void rows_that_are_read_again_lock_no_partition_but_their_own() throws SQLException {
        session.run("CREATE TABLE march PARTITION OF payments FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');"
                + " INSERT INTO payments SELECT i, '2026-01-05', 1 FROM generate_series(1, 20) AS i;"
                + " INSERT INTO march SELECT i, '2026-03-05', 1 FROM generate_series(1, 9) AS i");
        for (int i = 0; i < 8; i++) {
            for (String statement : List.of(
                    "UPDATE january SET amount = 2 WHERE id <= 3",
                    "UPDATE january SET id = id + 100 WHERE id > 10",
                    "INSERT INTO payments VALUES (1000, '2026-01-05', 1), (1, '2026-01-05', 1) ON CONFLICT (id, paid) DO UPDATE SET amount = 3",
                    "DELETE FROM january WHERE id IN (SELECT id FROM january WHERE id > 10 LIMIT 2)")) {
                assertThat(lockedBy(statement)).as(statement).doesNotContain("february", "march");
            }
        }
        PAYMENTS.assertEqual(session);
    }

    @Test
    void says_of_which_partitions_a_truncate_would_fail() throws SQLException {
        session.run(
                "CREATE ROLE keeper; GRANT ALL ON SCHEMA public TO keeper; CREATE SCHEMA old; ALTER TABLE january SET SCHEMA old;"
                        + " SELECT cdc_uncapture('payments'); DROP TABLE payments_cdc; ALTER TABLE payments OWNER TO keeper");

        assertThat(session.messages("SELECT cdc_capture('payments', 'payments_cdc')"))
                .containsExactlyInAnyOrder(
                        "a TRUNCATE of partition old.january of public.payments fails: keeper may not read it",
                        "a TRUNCATE of partition public.february of public.payments fails: keeper may not read it");
        session.run("GRANT USAGE ON SCHEMA old TO keeper; GRANT SELECT ON old.january, february TO keeper");
        assertThat(session.messages("SELECT cdc_capture('payments', 'payments_cdc')"))
                .isEmpty();
        session.run("INSERT INTO payments VALUES (1, '2026-01-05', 1); TRUNCATE old.january");
        PAYMENTS.assertEqual(session);
    }

    private List<String> lockedBy(String statement) throws SQLException {
        session.run("BEGIN; " + statement);
        List<String> locked = session.list(
                "SELECT relation::regclass::text FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid()");
        session.run("COMMIT");
        return locked;
    }

    @ParameterizedTest
    @CsvSource({"payments, 2", "january, 1"})
    void truncate_deletes_the_rows_of_what_it_names(String table, int deleted) throws SQLException {
        session.run(
                "INSERT INTO payments VALUES (1, '2026-01-05', 1), (2, '2026-02-05', 2); TRUNCATE payments_cdc; TRUNCATE "
                        + table);

        assertThat(PAYMENTS.changes(session)).hasSize(deleted);
        session.run("INSERT INTO payments VALUES (9, '2026-01-09', 9)");
        assertThatThrownBy(() -> session.run("BEGIN ISOLATION LEVEL REPEATABLE READ; TRUNCATE payments"))
                .hasMessageContaining("cannot be captured in a repeatable read transaction");
        session.run("ROLLBACK");
    }

    @Test
    void changes_under_another_name_are_held_back_and_released() throws SQLException {
        session.run("""
                INSERT INTO payments VALUES (1, '2026-01-05', 1, 'it''s 100%'), (2, '2026-01-06', 2, NULL);
                ALTER TABLE payments RENAME TO paid; UPDATE paid SET amount = 5 WHERE id = 1; DELETE FROM january WHERE id = 2;
                INSERT INTO february (id, paid, note) VALUES (3, '2026-02-07', '$1 %s'); TRUNCATE january;
                ALTER TABLE paid RENAME TO payments""");
        assertThat(session.list("SELECT DISTINCT xid FROM payments_cdc WHERE action_id > 2"))
                .containsExactly("18446744073709551615");

        session.run("SELECT cdc_capture('payments', 'payments_cdc')");

        assertThat(session.list(PROBLEMS)).isEmpty();
        PAYMENTS.assertEqual(session);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE january DISABLE TRIGGER cdc_update | trigger cdc_update of public.january is disabled",
                "ALTER TABLE payments DISABLE TRIGGER cdc_insert | trigger cdc_insert of public.payments is disabled",
                "ALTER TABLE february ENABLE TRIGGER cdc_delete | trigger cdc_delete of public.february is not enabled ALWAYS",
                "DROP TRIGGER cdc_truncate ON january | partition public.january is new",
                "ALTER TABLE payments ADD COLUMN more text | payments_cdc lacks column more of public.payments"
            })
    void finds_and_repairs_what_is_missing_in_a_partition(String damage, String problem) throws SQLException {
        session.run(damage);
        assertThat(session.list(PROBLEMS)).anyMatch(found -> found.contains(problem));

        session.run(
                "SELECT cdc_capture('payments', 'payments_cdc'); INSERT INTO payments (id, paid) VALUES (1, '2026-01-05'), (2, '2026-02-05');"
                        + " UPDATE payments SET note = 'x'; DELETE FROM february; TRUNCATE january; INSERT INTO january (id, paid) VALUES (3, '2026-01-05')");

        assertThat(session.list(PROBLEMS)).isEmpty();
        PAYMENTS.assertEqual(session);
    }

    @Test
    void refuses_partitions_that_it_cannot_see_and_points_from_a_partition_to_the_whole() throws SQLException {
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('january', 'january_cdc')"))
                .hasMessageContaining("is a partition of public.payments")
                .hasMessageContaining("Capture public.payments");
        session.run("""
                CREATE TABLE logs (id int PRIMARY KEY) PARTITION BY HASH (id);
                CREATE UNLOGGED TABLE logs_0 PARTITION OF logs FOR VALUES WITH (MODULUS 1, REMAINDER 0)""");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('logs', 'logs_cdc')"))
                .hasMessageContaining("partition public.logs_0 of public.logs is unlogged");
        session.run("""
                CREATE ROLE keeper; ALTER TABLE payments OWNER TO keeper; ALTER TABLE payments_cdc OWNER TO keeper;
                ALTER TABLE january ENABLE ROW LEVEL SECURITY; ALTER TABLE january FORCE ROW LEVEL SECURITY""");
        assertThat(session.list(PROBLEMS))
                .anyMatch(found -> found.contains("public.january forces row-level security"));
    }

    @Test
    void uncapture_takes_everything_off() throws SQLException {
        session.run(
                "SELECT cdc_uncapture('payments'); INSERT INTO payments VALUES (1, '2026-01-05', 1); TRUNCATE january");

        assertThat(session.list("SELECT proname FROM pg_proc WHERE proname LIKE 'payments\\_cdc%'"))
                .isEmpty();
        assertThat(PAYMENTS.changes(session)).isEmpty();
    }

    @Test
    void a_partitioned_table_counts_as_one_in_a_stream() throws SQLException {
        session.run("SELECT cdc_uncapture('payments'); DROP TABLE payments_cdc");

        assertThat(session.list("SELECT source_table FROM cdc_stream('all', 'public.*', '!public.employees')"))
                .containsExactly("payments");
        session.run("INSERT INTO january VALUES (1, '2026-01-05', 1)");
        PAYMENTS.assertEqual(session);
    }
}
