package io.rowrelay.it.capture;

import static io.rowrelay.it.capture.Replay.EMPLOYEES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** cdc_check names each way in which capture can be lost, and cdc_capture mends most of them. */
class CaptureCheckIT {
    private static final String CHECK = "SELECT problem FROM cdc_check('employees', 'emp_cdc')";

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

    static Stream<Arguments> mended() {
        return Stream.of(
                arguments("DROP TRIGGER cdc_insert ON employees", "has no trigger cdc_insert"),
                arguments("DROP TRIGGER cdc_truncate ON employees", "has no trigger cdc_truncate"),
                arguments(
                        "ALTER TABLE employees DISABLE TRIGGER cdc_update",
                        "cdc_update of public.employees is disabled"),
                arguments(
                        "ALTER TABLE employees DISABLE TRIGGER ALL; ALTER TABLE employees ENABLE TRIGGER ALL",
                        "cdc_delete of public.employees is not enabled ALWAYS"),
                arguments(
                        "ALTER TABLE employees ENABLE REPLICA TRIGGER cdc_update",
                        "cdc_update of public.employees is not enabled ALWAYS"),
                arguments("DROP FUNCTION emp_cdc_delete CASCADE", "there is no function public.emp_cdc_delete()"),
                arguments(
                        "CREATE OR REPLACE FUNCTION emp_cdc_insert() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                        "function public.emp_cdc_insert() is not as cdc_capture makes it"),
                arguments(
                        "ALTER FUNCTION emp_cdc_insert() SECURITY INVOKER",
                        "function public.emp_cdc_insert() is not as"),
                arguments("ALTER FUNCTION emp_cdc_insert() RESET ALL", "function public.emp_cdc_insert() is not as"),
                arguments("""
                        CREATE OR REPLACE TRIGGER cdc_update AFTER UPDATE OF city ON employees EXECUTE FUNCTION emp_cdc_update();
                        ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_update""", "trigger cdc_update of public.employees is not as cdc_capture makes it"),
                arguments("""
                        CREATE OR REPLACE TRIGGER cdc_delete AFTER DELETE ON employees REFERENCING OLD TABLE AS old_rows
                            FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION emp_cdc_delete();
                        ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_delete""", "trigger cdc_delete of public.employees is not as cdc_capture makes it"),
                arguments("ALTER SEQUENCE emp_cdc_action_id_seq CACHE 100", "has CACHE 100"),
                arguments("ALTER SEQUENCE emp_cdc_action_id_seq CYCLE", "does not count upwards only"),
                arguments("ALTER TABLE emp_cdc DROP COLUMN city", "public.emp_cdc lacks column city"),
                arguments(
                        "ALTER TABLE emp_cdc ALTER COLUMN salary TYPE numeric(12,2)",
                        "column salary of public.emp_cdc is numeric(12,2) and should be numeric"),
                arguments(
                        "ALTER TABLE employees ALTER COLUMN city TYPE varchar(100) COLLATE \"C\"",
                        "should be text COLLATE pg_catalog.\"C\""),
                arguments("ALTER TABLE employees ADD COLUMN nickname text", "public.emp_cdc lacks column nickname"),
                arguments(
                        "ALTER TABLE employees RENAME TO staff; ALTER TABLE staff RENAME TO employees; DROP TRIGGER cdc_insert ON employees",
                        "no trigger"),
                arguments(
                        "ALTER TABLE emp_cdc ALTER COLUMN changed_at DROP DEFAULT",
                        "column changed_at of public.emp_cdc has not the default"),
                arguments(
                        "ALTER TABLE emp_cdc ALTER COLUMN xid SET DEFAULT '1'",
                        "column xid of public.emp_cdc has not the default"),
                arguments(
                        "ALTER TABLE employees DROP CONSTRAINT employees_pkey, ADD PRIMARY KEY (emp_id, city)",
                        "function public.emp_cdc_update() is not as"),
                arguments("DROP TABLE emp_cdc", "there is no change table public.emp_cdc"));
    }

    @ParameterizedTest
    @MethodSource("mended")
    void names_a_difference_that_cdc_capture_mends(String damage, String problem) throws SQLException {
        assertThat(session.list(CHECK)).isEmpty();

        session.run(damage);

        assertThat(session.list(CHECK)).anyMatch(found -> found.contains(problem));
        session.run("SELECT cdc_capture('employees', 'emp_cdc')");
        assertThat(session.list(CHECK)).isEmpty();
        session.run(
                "INSERT INTO employees (city) VALUES ('a'), ('b'); UPDATE employees SET city = 'c' WHERE emp_id = 1;"
                        + " DELETE FROM employees WHERE emp_id = 2; UPDATE employees SET emp_id = 7; TRUNCATE employees");
        EMPLOYEES.assertEqual(session);
    }

    static Stream<Arguments> left_to_the_operator() {
        return Stream.of(
                arguments("DROP TABLE employees", "there is no table employees"),
                arguments("ALTER TABLE employees DROP CONSTRAINT employees_pkey", "has no primary key"),
                arguments(
                        "ALTER TABLE employees DROP CONSTRAINT employees_pkey, ADD PRIMARY KEY (emp_id) DEFERRABLE INITIALLY DEFERRED",
                        "the primary key of public.employees is deferrable"),
                arguments("CREATE TABLE child () INHERITS (employees)", "part of an inheritance tree"),
                arguments("ALTER TABLE employees SET UNLOGGED", "public.employees is unlogged"),
                arguments("DROP INDEX emp_cdc_xid_action_id_idx", "public.emp_cdc has no index on (xid, action_id)"),
                arguments(
                        "DROP INDEX emp_cdc_xid_action_id_idx; CREATE INDEX ON emp_cdc (xid)",
                        "has no index on (xid, action_id)"),
                arguments("ALTER TABLE emp_cdc SET UNLOGGED", "no permanent table with an action_id from a sequence"),
                arguments(
                        "ALTER TABLE emp_cdc ALTER COLUMN action_id DROP IDENTITY",
                        "no permanent table with an action_id from a sequence"),
                arguments(
                        "ALTER TABLE employees RENAME COLUMN city TO town",
                        "public.emp_cdc has a column city that public.employees has not"),
                arguments(
                        "ALTER TABLE employees ALTER COLUMN salary TYPE bigint",
                        "column salary of public.emp_cdc is numeric and should be bigint"),
                arguments("ALTER TABLE emp_cdc RENAME TO emp_changes", "there is no change table public.emp_cdc"),
                arguments(
                        "CREATE ROLE other; ALTER TABLE employees OWNER TO other",
                        "public.emp_cdc belongs to cdc and public.employees to other"),
                arguments("CREATE TABLE child () INHERITS (emp_cdc)", "public.emp_cdc is part of an inheritance tree"));
    }

    @ParameterizedTest
    @MethodSource("left_to_the_operator")
    void names_a_difference_that_a_person_must_decide_on(String damage, String problem) throws SQLException {
        session.run(damage);

        assertThat(session.list(CHECK)).anyMatch(found -> found.contains(problem));
        assertThat(session.list("SELECT hint FROM cdc_check('employees', 'emp_cdc')"))
                .isNotEmpty()
                .noneMatch(String::isBlank);
    }

    /**
     * What acts on captured changes, or could: each a way to lose changes, to forge them, or to act with the rights of the table's
     * owner. Then what cdc_check says of it; its hint undoes it.
     */
    private static final String MEDDLERS = """
            CREATE TRIGGER x BEFORE INSERT ON emp_cdc FOR EACH ROW EXECUTE FUNCTION f() | trigger x of public.emp_cdc acts
            CREATE TRIGGER x BEFORE UPDATE ON cdc_offset FOR EACH ROW EXECUTE FUNCTION f() | trigger x of public.cdc_offset acts
            CREATE RULE r AS ON INSERT TO emp_cdc DO INSTEAD NOTHING | rule r of public.emp_cdc acts
            ALTER TABLE emp_cdc ENABLE ROW LEVEL SECURITY | row-level security of public.emp_cdc
            ALTER TABLE emp_cdc ADD CONSTRAINT c CHECK (city <> 'x') | constraint c of public.emp_cdc
            CREATE TABLE t (stream text CONSTRAINT c REFERENCES cdc_offset) | constraint c of public.t
            CREATE UNIQUE INDEX i ON emp_cdc (emp_id) | index public.i of public.emp_cdc
            CREATE INDEX i ON emp_cdc (lower(city)) | index public.i of public.emp_cdc
            CREATE INDEX i ON emp_cdc (city) WHERE lower(city) > 'x' | index public.i of public.emp_cdc
            ALTER TABLE emp_cdc ALTER city SET NOT NULL | column city of public.emp_cdc refuses
            GRANT SELECT, INSERT, DELETE, TRIGGER ON emp_cdc TO other | other has INSERT, TRIGGER on public.emp_cdc
            GRANT UPDATE (xid) ON emp_cdc TO other | other has UPDATE (xid) on public.emp_cdc
            GRANT SELECT ON emp_cdc TO PUBLIC | PUBLIC has SELECT on public.emp_cdc
            GRANT UPDATE ON emp_cdc_action_id_seq TO other | other has UPDATE on public.emp_cdc_action_id_seq
            GRANT TRIGGER ON cdc_published TO other | other has TRIGGER on public.cdc_published
            GRANT CREATE ON SCHEMA rowrelay TO other | other may create functions
            GRANT EXECUTE ON FUNCTION emp_cdc_insert() TO other | other may attach function public.emp_cdc_insert()
            CREATE TRIGGER x AFTER UPDATE ON employees EXECUTE FUNCTION emp_cdc_insert() | trigger x of public.employees calls function
            ALTER FUNCTION emp_cdc_insert() OWNER TO other | function public.emp_cdc_insert() belongs to other
            ALTER TABLE cdc_offset OWNER TO other | public.cdc_offset belongs to role other
            """;

    @Test
    void leaves_to_a_person_what_others_have_put_there() throws SQLException {
        session.run(
                "CREATE ROLE other; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        for (String each : MEDDLERS.lines().toList()) {
            String meddled = each.substring(0, each.indexOf(" | "));
            String problem = each.substring(each.indexOf(" | ") + 3);

            session.run(meddled);

            assertThat(session.list(CHECK)).singleElement().asString().contains(problem);
            assertThatThrownBy(() -> session.run("SELECT cdc_capture('employees', 'emp_cdc')"))
                    .hasMessageContaining(problem);
            String hint = session.value("SELECT hint FROM cdc_check('employees', 'emp_cdc')");
            if (hint.contains(";")) {
                session.run(hint.substring(0, hint.indexOf(';')));
                assertThat(session.list(CHECK)).as(hint).isEmpty();
            }
        }
    }

    @Test
    void lets_roles_have_what_cdc_grant_gives_and_ignores_who_can_do_it_anyway() throws SQLException {
        session.run(
                "CREATE ROLE producer; CREATE ROLE reader; CREATE ROLE administrator SUPERUSER; SELECT cdc_grant('emp_cdc', 'producer');"
                        + " GRANT SELECT ON emp_cdc, cdc_offset TO reader; GRANT ALL ON emp_cdc, cdc_offset TO administrator");

        assertThat(session.list(CHECK)).isEmpty();
    }

    /** A role that may create in a schema, as every role in public before PostgreSQL 15, cannot stop the stream with its objects. */
    @Test
    void ignores_what_has_one_of_its_names_and_is_not_used() throws SQLException {
        session.run(
                "CREATE ROLE other; GRANT CREATE ON SCHEMA public TO other; SET ROLE other; CREATE TABLE cdc_progress (x int);"
                        + " CREATE FUNCTION cdc_capture(text, text) RETURNS void LANGUAGE sql AS 'SELECT'; RESET ROLE");

        assertThat(session.list(CHECK)).isEmpty();
    }

    @Test
    void names_all_differences_at_once() throws SQLException {
        session.run(
                "DROP TRIGGER cdc_insert ON employees; ALTER TABLE employees DISABLE TRIGGER cdc_delete; ALTER SEQUENCE emp_cdc_action_id_seq CACHE 5");

        assertThat(session.list(CHECK)).hasSize(3);
    }

    @Test
    void finds_tables_by_the_names_that_sql_would_use() throws SQLException {
        assertThat(session.list("SELECT problem FROM cdc_check('public.employees', 'public.emp_cdc')"))
                .isEmpty();
        assertThat(session.list("SELECT problem FROM cdc_check('PUBLIC.Employees', 'EMP_CDC')"))
                .isEmpty();
        assertThat(session.list("SELECT problem FROM cdc_check('\"Employees\"', 'emp_cdc')"))
                .containsExactly("there is no table \"Employees\"");
    }
}
