package io.rowrelay.it.capture;

import static io.rowrelay.it.capture.Replay.EMPLOYEES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rowrelay.stream.jdbc.TableRights;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications need no right on the change table, cannot forge changes, and cannot lead the triggers astray. */
class CaptureSecurityIT {
    private SourceDatabase database;
    private Session session;
    private Session application;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run(
                "CREATE ROLE application LOGIN PASSWORD 'secret'; GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON employees TO application;"
                        + " GRANT USAGE ON SEQUENCE employees_emp_id_seq TO application");
        application = database.connectAs("application", "secret");
    }

    @AfterEach
    void close() throws SQLException {
        application.close();
        database.close();
    }

    @Test
    void captures_for_a_role_that_may_not_touch_the_change_table() throws SQLException {
        assertThatThrownBy(() -> application.run("SELECT FROM emp_cdc")).hasMessageContaining("permission denied");

        application.run(
                "INSERT INTO employees (city) VALUES ('a'), ('b'); BEGIN; UPDATE employees SET city = 'x'; UPDATE employees SET emp_id = 9"
                        + " WHERE emp_id = 1; DELETE FROM employees WHERE emp_id = 2; INSERT INTO employees VALUES (2); COMMIT");
        EMPLOYEES.assertEqual(session);

        application.run("TRUNCATE employees");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void lets_nobody_else_use_its_functions_to_forge_changes() {
        assertThatThrownBy(() -> application.run("CREATE TEMP TABLE forged (LIKE employees);"
                        + " CREATE TRIGGER forge AFTER INSERT ON forged REFERENCING NEW TABLE AS new_rows"
                        + " FOR EACH STATEMENT EXECUTE FUNCTION emp_cdc_insert()"))
                .hasMessageContaining("permission denied for function emp_cdc_insert");
    }

    @Test
    void is_not_led_astray_by_the_search_path() throws SQLException {
        session.run("CREATE SCHEMA trap AUTHORIZATION application");
        application.run("""
                CREATE TABLE trap.emp_cdc (LIKE employees);
                CREATE TEMP TABLE emp_cdc (LIKE employees);
                CREATE TEMP TABLE new_rows (LIKE employees);
                CREATE TEMP TABLE old_rows (LIKE employees);
                CREATE FUNCTION trap.never(int, int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
                CREATE OPERATOR trap.= (FUNCTION = trap.never, LEFTARG = int, RIGHTARG = int);
                CREATE FUNCTION trap.current_setting(text, boolean) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
                CREATE FUNCTION trap.pg_current_xact_id() RETURNS xid8 LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
                SET search_path = trap, pg_temp, public, pg_catalog;
                INSERT INTO employees (city) VALUES ('a'), ('b');
                BEGIN;
                UPDATE employees SET city = 'x';
                UPDATE employees SET city = 'y';
                UPDATE employees SET emp_id = emp_id + 10;
                DELETE FROM employees WHERE city = 'y';
                INSERT INTO employees (city) VALUES ('c');
                COMMIT;
                TRUNCATE employees;
                INSERT INTO employees (city) VALUES ('d');
                RESET search_path""");

        EMPLOYEES.assertEqual(session);
        assertThat(application.value("SELECT count(*) FROM trap.emp_cdc")).isEqualTo("0");
        application.run("DROP SCHEMA trap CASCADE");
    }

    @Test
    void captures_a_null_in_an_array_whatever_the_session_takes_it_for() throws SQLException {
        session.run("CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE t (id int PRIMARY KEY, v mood[]);"
                + " SELECT cdc_capture('t', 't_cdc'); GRANT INSERT, UPDATE, SELECT ON t TO application");

        application.run("SET array_nulls = off; INSERT INTO t VALUES (1, ARRAY['glad', NULL]::mood[]);"
                + " UPDATE t SET v = ARRAY[NULL, 'sad']::mood[]");

        assertThat(session.list("SELECT array_position(v, NULL) FROM t_cdc ORDER BY action_id"))
                .containsExactly("2", "1");
        assertThat(session.list("SELECT problem FROM cdc_check('t', 't_cdc')")).isEmpty();
    }

    @Test
    void sees_rows_that_row_level_security_hides_from_the_writer() throws SQLException {
        session.run("""
                ALTER TABLE employees ENABLE ROW LEVEL SECURITY;
                CREATE POLICY own ON employees USING (city <> 'hidden') WITH CHECK (true);
                INSERT INTO employees (city) VALUES ('hidden'), ('seen')""");

        application.run(
                "BEGIN; UPDATE employees SET salary = 1; UPDATE employees SET salary = 2, emp_id = 5; UPDATE employees SET city = 'hidden'; COMMIT");
        EMPLOYEES.assertEqual(session);

        application.run("TRUNCATE employees");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void the_owner_of_a_table_can_install_capture_without_being_superuser() throws SQLException {
        session.run("GRANT CREATE ON SCHEMA public TO application");

        application.run(
                "CREATE TABLE own (id int PRIMARY KEY); SELECT cdc_capture('own', 'own_cdc'); INSERT INTO own VALUES (1); UPDATE own SET id = 2");

        new Replay("own", "own_cdc").assertEqual(session);
        assertThat(
                        session.value(
                                "SELECT string_agg(DISTINCT proowner::regrole::text, ',') FROM pg_proc WHERE proname LIKE 'own_cdc%'"))
                .isEqualTo("application");
        application.run("SELECT cdc_uncapture('own')");
    }

    @Test
    void works_with_the_rights_of_the_owner_not_of_the_installer() throws SQLException {
        session.run("GRANT CREATE ON SCHEMA public TO application");
        application.run("CREATE TABLE own (id int PRIMARY KEY)");

        session.run("SELECT cdc_capture('own', 'own_cdc')");
        application.run(
                "INSERT INTO own VALUES (1); ALTER TABLE own ADD COLUMN more int; SELECT cdc_capture('own', 'own_cdc')");

        assertThat(
                        session.value(
                                "SELECT string_agg(DISTINCT proowner::regrole::text, ',') FROM pg_proc WHERE proname LIKE 'own_cdc%'"))
                .isEqualTo("application");
        new Replay("own", "own_cdc").assertEqual(session);
    }

    @Test
    void grants_the_producer_what_it_needs_and_no_more() throws SQLException {
        session.run(
                "INSERT INTO employees (city) VALUES ('x'); CREATE ROLE \"Producer\" LOGIN PASSWORD 'secret'; SELECT cdc_grant('emp_cdc', 'Producer')");

        try (Session producer = database.connectAs("Producer", "secret")) {
            assertThat(producer.list("SELECT problem FROM cdc_check('employees', 'emp_cdc')"))
                    .isEmpty();
            producer.run("""
                    SELECT action_id FROM emp_cdc; SELECT last_value FROM emp_cdc_action_id_seq; SELECT system_identifier FROM pg_control_system();
                    INSERT INTO cdc_offset VALUES ('employees', 0, 0, pg_current_snapshot(), NULL, 1);
                    UPDATE cdc_offset SET last_action_id = 1; DELETE FROM cdc_offset;
                    DELETE FROM emp_cdc WHERE action_id = ANY (ARRAY(SELECT action_id FROM emp_cdc FOR UPDATE SKIP LOCKED))""");
            assertThat(session.value("SELECT count(*) FROM emp_cdc")).isEqualTo("0");
            assertThatThrownBy(() -> producer.run("SELECT FROM employees")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> producer.run("INSERT INTO emp_cdc (action) VALUES ('INSERT')"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> producer.run("UPDATE emp_cdc SET action = 'INSERT'"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> producer.run("SELECT cdc_uncapture('employees')"))
                    .hasMessageContaining("permission denied");
        }
        GrantedRights.assertEachIsNeeded(TableRights.ofProducer(List.of("emp_cdc")), session, "\"Producer\"", "");
    }

    /** All changes would run through it, with the rights of the captured table's owner. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t_cdc (action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id int, action text NOT NULL,"
                        + " changed_at timestamptz NOT NULL DEFAULT clock_timestamp(), xid xid8 NOT NULL DEFAULT pg_current_xact_id());"
                        + " CREATE INDEX ON t_cdc (xid, action_id)",
                "CREATE FUNCTION t_cdc_insert() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            })
    void adopts_no_change_table_or_function_of_another_role(String made) throws SQLException {
        session.run("GRANT CREATE ON SCHEMA public TO application; CREATE TABLE t (id int PRIMARY KEY)");
        application.run(made);

        assertThatThrownBy(() -> session.run("SELECT cdc_capture('t', 't_cdc')"))
                .hasMessageContaining("belongs to application and public.t to cdc");

        assertThat(session.list("SELECT tgname FROM pg_trigger WHERE tgrelid = 't'::regclass"))
                .isEmpty();
    }

    /** The planner runs them as whoever asks, before anything is read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX ON trap_cdc (action_id) WHERE whoami(1) = 1",
                "CREATE INDEX ON trap_cdc (action_id, (whoami(1) + 1))",
                "CREATE STATISTICS trap_statistics ON (whoami(1) + id), id FROM trap_cdc"
            })
    void runs_no_function_that_the_maker_of_a_change_table_has_put_there(String trap) throws SQLException {
        session.run("""
                CREATE ROLE mallory; GRANT CREATE ON SCHEMA public TO mallory; SET ROLE mallory;
                CREATE FUNCTION whoami(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
                    $$ BEGIN RAISE NOTICE 'runs as %', current_user; RETURN 1; END $$;
                CREATE TABLE trap (id int PRIMARY KEY);
                CREATE TABLE trap_cdc (action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id bigint, action text NOT NULL,
                    changed_at timestamptz DEFAULT clock_timestamp(), xid xid8 DEFAULT pg_current_xact_id());
                CREATE INDEX ON trap_cdc (xid, action_id);""" + trap + "; RESET ROLE");

        assertThat(session.messages("SELECT cdc_check('trap', 'trap_cdc')")).isEmpty();
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('trap', 'trap_cdc')"))
                .hasMessageContaining("run")
                .hasMessageContaining("functions");
    }

    @Test
    void runs_no_function_that_is_put_there_while_it_waits() throws Exception {
        session.run("GRANT CREATE ON SCHEMA public TO application");
        application.run("""
                CREATE FUNCTION whoami(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
                    $$ BEGIN RAISE NOTICE 'runs as %', current_user; RETURN 1; END $$;
                CREATE TABLE trap (id int PRIMARY KEY)""");
        session.run("SELECT cdc_capture('trap', 'trap_cdc')");
        application.run("BEGIN; LOCK TABLE trap_cdc; CREATE INDEX ON trap_cdc (action_id, (whoami(1) + 1))");
        ExecutorService doctor = Executors.newSingleThreadExecutor();
        try (Session other = database.connect()) {
            Future<List<String>> check = doctor.submit(() -> session.messages("SELECT cdc_check('trap', 'trap_cdc')"));
            await().until(() -> other.value("SELECT count(*) FROM pg_locks WHERE NOT granted"), "1"::equals);
            application.run("COMMIT");

            assertThat(check.get()).isEmpty();
            assertThat(other.list("SELECT problem FROM cdc_check('trap', 'trap_cdc')"))
                    .singleElement()
                    .asString()
                    .contains("runs functions");
        } finally {
            doctor.shutdown();
        }
    }

    /** Replaced, it would keep what its maker has granted: with it anybody could run what he likes as the owner of the table. */
    @Test
    void adopts_no_function_that_another_role_makes_meanwhile() throws Exception {
        session.run(
                "GRANT CREATE ON SCHEMA public TO application; CREATE ROLE accomplice; CREATE TABLE t (id int PRIMARY KEY)");
        application.run("BEGIN; CREATE TABLE t_cdc (id int)");
        ExecutorService installer = Executors.newSingleThreadExecutor();
        try (Session other = database.connectAs("application", "secret")) {
            Future<?> capture = installer.submit(() -> {
                session.run("SELECT cdc_capture('t', 't_cdc')");
                return null;
            });
            await().until(() -> other.value("SELECT count(*) FROM pg_locks WHERE NOT granted"), "1"::equals);
            other.run("CREATE FUNCTION t_cdc_insert() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
                    + " GRANT EXECUTE ON FUNCTION t_cdc_insert() TO accomplice");
            application.run("ROLLBACK");

            assertThatThrownBy(capture::get)
                    .hasMessageContaining("accomplice may attach function public.t_cdc_insert() to tables of its own");
        } finally {
            installer.shutdown();
        }
        assertThat(session.list("SELECT tgname FROM pg_trigger WHERE tgrelid = 't'::regclass"))
                .isEmpty();
    }

    @Test
    void gives_nobody_what_default_privileges_give() throws SQLException {
        session.run("""
                ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO application, PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO application;
                ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO application;
                CREATE TABLE t (id int PRIMARY KEY); SELECT cdc_capture('t', 't_cdc')""");

        assertThat(session.list("SELECT problem FROM cdc_check('t', 't_cdc')")).isEmpty();
        assertThatThrownBy(() -> application.run("SELECT FROM t_cdc")).hasMessageContaining("permission denied");
    }

    @Test
    void grants_what_default_privileges_take_from_everybody() throws SQLException {
        session.run("""
                REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA rowrelay, public FROM PUBLIC; REVOKE ALL ON SCHEMA rowrelay, public FROM PUBLIC;
                CREATE ROLE publisher LOGIN PASSWORD 'secret'; SELECT cdc_grant('emp_cdc', 'publisher')""");

        try (Session publisher = database.connectAs("publisher", "secret")) {
            assertThat(publisher.list("SELECT problem FROM cdc_check('employees', 'emp_cdc')"))
                    .isEmpty();
            assertThat(publisher.list("SELECT change_name FROM rowrelay.change_table('employees', 'emp_cdc')"))
                    .containsExactly("emp_cdc");
        }
        session.run(
                "CREATE ROLE writer LOGIN PASSWORD 'secret'; GRANT INSERT, UPDATE, DELETE, SELECT ON employees TO writer; GRANT USAGE ON SCHEMA public TO writer;"
                        + " GRANT USAGE ON SEQUENCE employees_emp_id_seq TO writer");
        try (Session writer = database.connectAs("writer", "secret")) {
            writer.run(
                    "INSERT INTO employees (city) VALUES ('x'); UPDATE employees SET emp_id = 8; DELETE FROM employees");
        }
        Replay.EMPLOYEES.assertEqual(session);
    }
}
