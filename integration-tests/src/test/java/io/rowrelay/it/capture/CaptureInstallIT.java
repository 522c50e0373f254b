package io.rowrelay.it.capture;

import static io.rowrelay.it.capture.Replay.EMPLOYEES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rowrelay.sandbox.stack.SqlScripts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** cdc_capture installs, leaves alone what is sound, repairs what it can, and says what to do where it cannot. */
class CaptureInstallIT {
    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("CREATE TABLE t (id int)", "42P16", "no primary key", "ADD PRIMARY KEY"),
                arguments("CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)", "42P16", "deferrable", "NOT DEFERRABLE"),
                arguments(
                        "CREATE TABLE t (id int PRIMARY KEY, " + "_".repeat(60) + "xid int)",
                        "42622",
                        "is too long",
                        "63 bytes"),
                arguments(
                        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE t PARTITION OF p DEFAULT",
                        "0A000",
                        "a partition of public.p",
                        "DETACH PARTITION"),
                arguments(
                        "CREATE TABLE p (id int); CREATE TABLE t (PRIMARY KEY (id)) INHERITS (p)",
                        "0A000",
                        "inheritance",
                        "NO INHERIT"),
                arguments(
                        "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE c () INHERITS (t)",
                        "0A000",
                        "inheritance",
                        "NO INHERIT"),
                arguments("CREATE UNLOGGED TABLE t (id int PRIMARY KEY)", "42809", "unlogged", "SET LOGGED"),
                arguments("CREATE TEMP TABLE t (id int PRIMARY KEY)", "42809", "temporary", "permanent"),
                arguments("CREATE VIEW t AS SELECT 1 AS id", "42809", "a view", "Capture the table"),
                arguments(
                        "CREATE MATERIALIZED VIEW t AS SELECT 1 AS id",
                        "42809",
                        "a materialized view",
                        "Capture the table"),
                arguments("CREATE SEQUENCE t", "42809", "a sequence", "Capture the table"),
                arguments(
                        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE t (id int) SERVER s",
                        "42809",
                        "a foreign table",
                        "Capture the table"),
                arguments("""
                        CREATE ROLE keeper; CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t OWNER TO keeper;
                        ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY""", "55000", "row-level security", "NO FORCE ROW LEVEL SECURITY"),
                arguments("""
                        CREATE TABLE t (id int PRIMARY KEY); SET allow_system_table_mods = on;
                        CREATE SUBSCRIPTION sub CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
                        INSERT INTO pg_subscription_rel SELECT oid, 't'::regclass, 'r', NULL FROM pg_subscription""", "0A000", "subscription sub", "publisher"),
                arguments(
                        "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE t_cdc (id int)",
                        "55000",
                        "no permanent table with",
                        "name another"),
                arguments(
                        "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW t_cdc AS SELECT",
                        "55000",
                        "no permanent table with",
                        "name another"),
                arguments(
                        "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE o (id int PRIMARY KEY); SELECT cdc_capture('o', 't_cdc')",
                        "55000",
                        "holds the changes of public.o",
                        "Name another"),
                arguments(
                        "CREATE TABLE t (id int PRIMARY KEY); SELECT cdc_capture('t', 'other_cdc')",
                        "55000",
                        "calls public.other_cdc_",
                        "cdc_uncapture"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses_and_says_what_to_do(String setUp, String code, String problem, String hint) throws SQLException {
        session.run(setUp);

        assertThatThrownBy(() -> session.run("SELECT cdc_capture('t', 't_cdc')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("Hint: ")
                .hasMessageContaining(hint)
                .extracting(failure -> ((SQLException) failure).getSQLState())
                .isEqualTo(code);
        session.run("DROP SUBSCRIPTION IF EXISTS sub");
    }

    @Test
    void refuses_names_that_lead_nowhere() {
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('nothing', 'x')"))
                .hasMessageContaining("\"nothing\" does not exist");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', 'no_schema.x')"))
                .hasMessageContaining("no schema");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', 'a.b.c')"))
                .hasMessageContaining("[schema.]table");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', '" + "x".repeat(55) + "')"))
                .hasMessageContaining("too long");
    }

    @Test
    void running_the_scripts_again_changes_nothing() throws Exception {
        session.run("INSERT INTO employees (city) VALUES ('x')");
        String before = fingerprint();

        try (Session another = database.connect()) {
            for (Path script :
                    SqlScripts.withExample(SqlScripts.findDirectory(), "source").files()) {
                another.run(Files.readString(script));
            }
        }

        assertThat(fingerprint()).isEqualTo(before);
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void a_call_that_changes_nothing_waits_for_nobody() throws SQLException {
        try (Session writer = database.connect()) {
            writer.run("BEGIN; INSERT INTO employees (city) VALUES ('open')");

            session.run(
                    "SET lock_timeout = '10ms'; SELECT cdc_capture('employees', 'emp_cdc'); SELECT cdc_check('employees', 'emp_cdc')");

            writer.run("COMMIT");
        }
    }

    @Test
    void gives_up_soon_when_it_would_hold_up_writers() throws SQLException {
        session.run("CREATE TABLE busy (id int PRIMARY KEY)");
        try (Session writer = database.connect()) {
            writer.run("BEGIN; INSERT INTO busy VALUES (1)");

            assertThatThrownBy(() -> session.run("SELECT cdc_capture('busy', 'busy_cdc')"))
                    .hasMessageContaining("public.busy has been written to by open transactions for 0.9 s")
                    .hasMessageContaining("Run it again");
            writer.run("COMMIT");
        }

        session.run("SELECT cdc_capture('busy', 'busy_cdc'); UPDATE busy SET id = 2");
        assertThat(session.list("SELECT action FROM busy_cdc ORDER BY action_id"))
                .containsExactly("DELETE", "INSERT");
    }

    @Test
    void starts_on_a_full_table_with_the_next_change() throws SQLException {
        session.run(
                "CREATE TABLE full_one AS SELECT i AS id FROM generate_series(1, 1000) i; ALTER TABLE full_one ADD PRIMARY KEY (id)");

        session.run("SELECT cdc_capture('full_one', 'full_cdc'); UPDATE full_one SET id = id WHERE id <= 2");

        assertThat(session.value("SELECT count(*) FROM full_cdc")).isEqualTo("2");
    }

    @Test
    void adds_a_column_that_the_table_got_and_keeps_what_is_captured() throws SQLException {
        session.run(
                "INSERT INTO employees (city) VALUES ('before'); ALTER TABLE employees ADD COLUMN \"Tags\" varchar(3)[] COLLATE \"C\"");

        List<String> notices = session.messages("SELECT cdc_capture('employees', 'emp_cdc')");
        session.run("UPDATE employees SET \"Tags\" = '{a,b}'");

        assertThat(notices)
                .anyMatch(notice -> notice.contains("public.emp_cdc lacks column \"Tags\" of public.employees"));
        assertThat(EMPLOYEES.changes(session)).containsExactly("INSERT 1", "UPDATE 1");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void says_how_to_follow_a_column_that_was_renamed_or_dropped_or_has_another_type() throws SQLException {
        session.run("INSERT INTO employees (city) VALUES ('x'); ALTER TABLE employees RENAME COLUMN city TO town");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', 'emp_cdc')"))
                .hasMessageContaining("column city")
                .hasMessageContaining("ALTER TABLE public.emp_cdc RENAME COLUMN city TO");
        session.run("ALTER TABLE emp_cdc RENAME COLUMN city TO town; SELECT cdc_capture('employees', 'emp_cdc')");

        session.run("ALTER TABLE employees DROP COLUMN dob");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', 'emp_cdc')"))
                .hasMessageContaining("ALTER TABLE public.emp_cdc DROP COLUMN dob");
        session.run("ALTER TABLE emp_cdc DROP COLUMN dob; SELECT cdc_capture('employees', 'emp_cdc')");

        session.run("ALTER TABLE employees ALTER COLUMN salary TYPE double precision");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', 'emp_cdc')"))
                .hasMessageContaining("ALTER TABLE public.emp_cdc ALTER COLUMN salary TYPE double precision");
        session.run(
                "ALTER TABLE emp_cdc ALTER COLUMN salary TYPE double precision; SELECT cdc_capture('employees', 'emp_cdc')");

        session.run("UPDATE employees SET town = 'y', salary = 1.2345");
        EMPLOYEES.assertEqual(session);
    }

    @Test
    void takes_capture_off_and_puts_it_on_again() throws SQLException {
        session.run(
                "INSERT INTO employees (city) VALUES ('seen'); SELECT cdc_uncapture('employees'); UPDATE employees SET city = 'unseen'");
        assertThat(EMPLOYEES.changes(session)).containsExactly("INSERT 1");
        assertThat(session.list("SELECT proname FROM pg_proc WHERE proname LIKE 'emp\\_cdc%'"))
                .isEmpty();

        session.run(
                "SELECT cdc_uncapture('employees'); SELECT cdc_capture('employees', 'emp_cdc'); UPDATE employees SET city = 'seen'");

        EMPLOYEES.assertEqual(session);
    }

    private String fingerprint() throws SQLException {
        return session.value("""
                SELECT (SELECT string_agg(concat(c.oid, c.relname, c.xmin, c.reloptions), ',' ORDER BY c.oid)
                        FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relname <> 'cdc_offset')
                    || (SELECT string_agg(concat(oid, tgname, xmin, tgenabled), ',' ORDER BY oid) FROM pg_trigger)
                    || (SELECT string_agg(emp_cdc::text, ',') FROM emp_cdc)""");
    }
}
