package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.it.stack.Traps;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first step of a user: {@code sql/source} and {@code sql/destination} in a database that has tables of its own. */
class ScriptsIT {
    /** Tables with the example's name, with a name that a script could take for its own, and with none of the example's columns. */
    private static final String APPLICATION = """
            CREATE TABLE employees (id int PRIMARY KEY, note text);
            CREATE TABLE emp_cdc (id int PRIMARY KEY);
            CREATE TABLE orders (id int PRIMARY KEY);
            CREATE SCHEMA hr; CREATE TABLE hr.employees (emp_id int PRIMARY KEY);
            INSERT INTO employees VALUES (1, 'as it was')""";

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.createEmpty();
        session = database.session();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "destination"})
    void leave_the_tables_of_the_application_as_they_are(String side) throws Exception {
        session.run(APPLICATION);
        List<String> before = tablesOfTheApplication();

        run(SqlScripts.in(SqlScripts.findDirectory().resolve(side)));

        assertThat(tablesOfTheApplication()).isEqualTo(before);
        assertThat(session.value("SELECT note FROM employees")).isEqualTo("as it was");
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "destination"})
    void make_no_table_but_those_of_rowrelay(String side) throws Exception {
        run(SqlScripts.in(SqlScripts.findDirectory().resolve(side)));

        assertThat(session.list("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                        + " AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("cdc_"));
    }

    /** A message among many is not seen: the first run prints none, so that each later one counts. */
    @ParameterizedTest
    @ValueSource(strings = {"source", "destination"})
    void say_nothing_the_first_time(String side) throws Exception {
        for (Path script :
                SqlScripts.in(SqlScripts.findDirectory().resolve(side)).files()) {
            assertThat(session.messages(Files.readString(script)))
                    .as("%s", script)
                    .isEmpty();
        }
    }

    /** The owner could put a trigger on it, or another body into it, and so act as the daemons and as its callers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            source      | CREATE TABLE cdc_offset (stream text PRIMARY KEY, published_action_ids int) | public.cdc_offset belongs to role mallory
            source      | CREATE SCHEMA rowrelay                                          | belongs to role mallory
            source      | CREATE FUNCTION cdc_capture(text, text) RETURNS int LANGUAGE sql AS 'SELECT 1' | function public.cdc_capture(text,text)
            destination | CREATE VIEW cdc_progress AS SELECT 1 AS stream                  | public.cdc_progress belongs to role mallory
            destination | CREATE TABLE cdc_tombstone_newest_idx (x int)                   | public.cdc_tombstone_newest_idx belongs to
            """)
    void adopt_nothing_that_another_role_has_made(String side, String made, String problem) throws Exception {
        mayCreate("mallory");
        session.run("SET ROLE mallory; " + made + "; RESET ROLE");

        assertThatThrownBy(() -> run(SqlScripts.in(SqlScripts.findDirectory().resolve(side))))
                .hasMessageContaining(problem)
                .hasMessageContaining("If not, drop what it has made");

        assertThat(
                        session.list(
                                "SELECT relname FROM pg_class WHERE relname LIKE 'cdc\\_%' AND relowner = current_user::regrole"))
                .isEmpty();
    }

    /** The one who waits for the moment between the check and the table. */
    @Test
    void set_no_version_over_what_another_role_has_made_meanwhile() throws Exception {
        mayCreate("mallory");
        List<Path> scripts =
                SqlScripts.in(SqlScripts.findDirectory().resolve("source")).files();
        run(new SqlScripts(scripts.subList(0, 1)));
        session.run("SET ROLE mallory; CREATE TABLE cdc_backfill (stream text, dead_letters int); RESET ROLE");

        assertThatThrownBy(() -> run(new SqlScripts(scripts.subList(1, scripts.size()))))
                .hasMessageContaining("public.cdc_backfill belongs to role mallory");
        assertThat(session.value("SELECT to_regprocedure('rowrelay.version()')"))
                .isEqualTo("null");
    }

    @Test
    void run_again_as_whoever_may_have_installed_them() throws Exception {
        mayCreate("shop");
        SqlScripts both = new SqlScripts(Stream.of("source", "destination")
                .flatMap(side -> SqlScripts.in(SqlScripts.findDirectory().resolve(side)).files().stream())
                .toList());
        session.run("SET ROLE shop");
        run(both);
        run(both);

        session.run("RESET ROLE");
        assertThatThrownBy(() -> run(both)).hasMessageContaining("SET ROLE shop");
        session.run("SET ROLE shop");
        run(both);

        session.run("RESET ROLE");
        session.run("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO shop', current_database()); END $$");
        run(both);
        session.run("CREATE ROLE second SUPERUSER; SET ROLE second");
        run(both);
        assertThat(session.list("SELECT problem FROM rowrelay.installation_problems()"))
                .isEmpty();
        session.run("RESET ROLE");
        trustTheSameRolesInSqlAndInJava();
    }

    /** Where role shop owns the schema rowrelay, and second is a superuser. */
    private void trustTheSameRolesInSqlAndInJava() throws SQLException {
        session.run("CREATE ROLE landlord; CREATE ROLE stranger;"
                + " DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO landlord', current_database()); END $$");
        String trusted = "SELECT rolname FROM pg_roles r WHERE " + RolePath.TRUSTED + " ORDER BY 1";

        assertThat(session.list(trusted))
                .isEqualTo(session.list("SELECT rolname FROM pg_roles WHERE rowrelay.trusts(oid) ORDER BY 1"))
                .contains("landlord", "second", "shop")
                .doesNotContain("stranger");
        session.run("SET ROLE stranger");
        assertThat(session.list(trusted)).contains("stranger");
        session.run("RESET ROLE");
    }

    /** As services have them whose tables are all to be read and written through an interface of their own. */
    @Test
    void give_nobody_what_default_privileges_give() throws Exception {
        session.run("CREATE ROLE anonymous; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anonymous;"
                + " ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO anonymous");

        run(SqlScripts.in(SqlScripts.findDirectory().resolve("source")));

        assertThat(session.list("SELECT problem FROM rowrelay.installation_problems()"))
                .isEmpty();
        assertThat(session.value("SELECT has_table_privilege('anonymous', 'cdc_offset', 'SELECT')"))
                .isEqualTo("f");
        session.run("GRANT SELECT ON cdc_offset TO anonymous");
        run(SqlScripts.in(SqlScripts.findDirectory().resolve("source")));
        assertThat(session.value("SELECT has_table_privilege('anonymous', 'cdc_offset', 'SELECT')"))
                .as("what was granted later stays")
                .isEqualTo("t");
    }

    /** PostgreSQL warns of each grant on a schema that is another's, also where everybody has the right. */
    @Test
    void warn_of_no_grant_that_nobody_needs() throws Exception {
        mayCreate("shop");
        session.run("CREATE ROLE daemon; SET ROLE shop");
        run(SqlScripts.in(SqlScripts.findDirectory().resolve("source")));
        run(SqlScripts.in(SqlScripts.findDirectory().resolve("destination")));
        session.run("CREATE TABLE t (id int PRIMARY KEY); SELECT cdc_capture('t', 't_cdc')");
        session.run("CREATE TABLE copy (id int PRIMARY KEY); SELECT cdc_destination('copy')");

        assertThat(session.messages("SELECT cdc_grant('t_cdc', 'daemon')")).isEmpty();
        assertThat(session.messages("SELECT cdc_grant_destination('copy', 'daemon')"))
                .singleElement()
                .satisfies(notice -> assertThat(notice).contains("session_replication_role"));
        session.run("RESET ROLE");
    }

    @Test
    void check_the_same_on_both_sides() throws Exception {
        Path sql = SqlScripts.findDirectory();

        for (String script : List.of("00_rights.sql", "01_key.sql", "02_topic.sql")) {
            assertThat(sql.resolve("source").resolve(script))
                    .hasSameTextualContentAs(sql.resolve("destination").resolve(script));
        }
    }

    private void mayCreate(String role) throws SQLException {
        session.run("CREATE ROLE " + role + "; GRANT CREATE ON SCHEMA public TO " + role
                + "; DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO " + role
                + "', current_database()); END $$");
    }

    @Test
    void the_example_adds_its_table_and_can_be_run_again() throws Exception {
        SqlScripts all = SqlScripts.withExample(SqlScripts.findDirectory(), "source");

        run(all);
        run(all);

        session.run("INSERT INTO employees (first_name) VALUES ('Ada')");
        assertThat(session.list("SELECT first_name FROM emp_cdc")).containsExactly("Ada");
    }

    /** A superuser runs them, in a schema where others may create functions and operators. */
    @ParameterizedTest
    @ValueSource(strings = {"source", "destination"})
    void call_nothing_that_others_have_put_on_the_search_path(String side) throws Exception {
        for (String statement : Traps.laid("trap")) {
            session.run(statement);
        }
        SqlScripts all = SqlScripts.withExample(SqlScripts.findDirectory(), side);
        try (Session superuser = database.connect()) {
            superuser.run("SET search_path = public, trap");
            run(superuser, all);
            run(superuser, all);
            superuser.run(
                    side.equals("source")
                            ? "SELECT cdc_grant('emp_cdc', 'cdc'); SELECT * FROM cdc_check('employees', 'emp_cdc')"
                            : "SELECT cdc_grant_destination('employees', 'cdc')");
            superuser.run("SELECT pg_stat_force_next_flush()");

            assertThat(superuser.list(Traps.sprung("trap"))).isEmpty();
        }
    }

    private void run(SqlScripts scripts) throws Exception {
        run(session, scripts);
    }

    private static void run(Session session, SqlScripts scripts) throws Exception {
        for (Path script : scripts.files()) {
            session.run(Files.readString(script));
        }
    }

    /** Columns, triggers, indexes and rights of each table that is not ours. */
    private List<String> tablesOfTheApplication() throws SQLException {
        return session.list("""
                SELECT format('%s %s %s: %s; %s; %s', c.oid::regclass, c.relkind, c.relacl,
                         (SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum)
                            FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
                         (SELECT string_agg(tgname, ', ' ORDER BY tgname) FROM pg_trigger WHERE tgrelid = c.oid),
                         (SELECT string_agg(indexrelid::regclass::text, ', ' ORDER BY indexrelid)
                            FROM pg_index WHERE indrelid = c.oid))
                  FROM pg_class c
                 WHERE c.relnamespace IN ('public'::regnamespace, 'hr'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
                   AND c.relname !~ '^cdc_'
                 ORDER BY c.oid""");
    }
}
