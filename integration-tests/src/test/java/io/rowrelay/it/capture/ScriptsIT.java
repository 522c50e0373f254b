package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.sandbox.stack.SqlScripts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void the_example_adds_its_table_and_can_be_run_again() throws Exception {
        SqlScripts all = SqlScripts.withExample(SqlScripts.findDirectory(), "source");

        run(all);
        run(all);

        session.run("INSERT INTO employees (first_name) VALUES ('Ada')");
        assertThat(session.list("SELECT first_name FROM emp_cdc")).containsExactly("Ada");
    }

    private void run(SqlScripts scripts) throws Exception {
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
