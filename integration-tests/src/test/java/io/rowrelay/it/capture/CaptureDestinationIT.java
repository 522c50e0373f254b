package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.stream.jdbc.TableRights;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** cdc_destination makes any table with a primary key ready for the consumer, once or many times. */
class CaptureDestinationIT {
    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.createDestination();
        session = database.session();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void running_the_scripts_again_changes_nothing() throws Exception {
        session.run(
                "INSERT INTO employees (emp_id, action_id) VALUES (1, 17); INSERT INTO cdc_tombstone VALUES ('employees', '2', 18)");

        for (Path script : SqlScripts.withExample(SqlScripts.findDirectory(), "destination")
                .files()) {
            session.run(Files.readString(script));
        }

        assertThat(
                        session.value(
                                "SELECT format('%s %s', employees.action_id, cdc_tombstone.action_id) FROM employees, cdc_tombstone"))
                .isEqualTo("17 18");
    }

    @Test
    void adds_the_fence_and_opens_identity_columns() throws SQLException {
        session.run("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); INSERT INTO t DEFAULT VALUES");

        assertThat(session.messages("SELECT cdc_destination('t')")).isEmpty();

        session.run("INSERT INTO t (id, action_id) VALUES (7, 1) ON CONFLICT (id) DO UPDATE SET action_id = 2");
        assertThat(session.list("SELECT t::text FROM t ORDER BY id")).containsExactly("(1,)", "(7,1)");
    }

    @Test
    void prepares_a_partitioned_table() throws SQLException {
        session.run(
                "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT; SELECT cdc_destination('t')");

        session.run("INSERT INTO t (id, action_id) VALUES (7, 1)");
    }

    @Test
    void leaves_a_column_of_the_table_alone_whatever_its_name() throws SQLException {
        session.run(
                "CREATE TABLE t (id int PRIMARY KEY, action_id bigint, _action_id text); SELECT cdc_destination('t');"
                        + " SELECT cdc_destination('t')");

        assertThat(session.list("SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0"))
                .containsExactly("id", "action_id", "_action_id", "__action_id");
        assertThat(fencesOfT()).containsExactly("__action_id t");
    }

    @Test
    void takes_an_action_id_without_a_mark_for_the_consumers_where_a_stream_writes_the_table() throws Exception {
        session.run("CREATE TABLE t (id int PRIMARY KEY, action_id bigint)");
        session.run("INSERT INTO cdc_writer VALUES ('orders', 'public.t')");

        assertThat(session.messages("SELECT cdc_destination('t')"))
                .containsExactly("column action_id of public.t is the consumer's: a stream writes the table");

        assertThat(fencesOfT()).containsExactly("action_id t");
        assertThat(session.messages("SELECT cdc_destination('t')")).isEmpty();
    }

    @Test
    void leaves_an_action_id_to_the_table_where_every_stream_writes_another() throws Exception {
        session.run("CREATE TABLE t (id int PRIMARY KEY, action_id bigint)");
        session.run("INSERT INTO cdc_progress VALUES ('employees', 0, 'id', 7)");
        session.run("INSERT INTO cdc_writer VALUES ('employees', 'public.employees')");

        session.run("SELECT cdc_destination('t')");

        assertThat(fencesOfT()).containsExactly("_action_id t");
    }

    /** A consumer whose role may not write cdc_writer, or one whose table has another name since. */
    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "INSERT INTO cdc_writer VALUES ('orders', 'public.orders')"})
    void asks_whose_an_action_id_is_where_nothing_tells(String noted) throws Exception {
        session.run("CREATE TABLE t (id int PRIMARY KEY, action_id bigint)");
        session.run("INSERT INTO cdc_progress VALUES ('orders', 0, 'id', 7)");
        session.run(noted);

        assertThatThrownBy(() -> session.run("SELECT cdc_destination('t')"))
                .hasMessageContaining("may be the consumer's or the table's own")
                .hasMessageContaining("Restart the consumers of this destination");
        assertThat(session.list("SELECT problem FROM rowrelay.destination_refusals('t')"))
                .as("what keeps the consumer from writing")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "COMMENT ON COLUMN t.action_id IS 'Rowrelay: the change that the row shows', action_id t",
        "ALTER TABLE t ADD _action_id bigint; COMMENT ON COLUMN t._action_id IS 'Rowrelay: the change that the row shows', _action_id t"
    })
    void takes_the_answer(String answer, String fence) throws Exception {
        session.run("CREATE TABLE t (id int PRIMARY KEY, action_id bigint)");
        session.run("INSERT INTO cdc_progress VALUES ('orders', 0, 'id', 7)");

        session.run(answer);
        session.run("SELECT cdc_destination('t')");

        assertThat(fencesOfT()).containsExactly(fence);
    }

    /** The scripts are another's, and what they made is not the owner's to read. */
    @Test
    void the_owner_of_the_table_needs_no_right_to_what_the_consumer_remembers() throws Exception {
        session.run("CREATE ROLE table_owner; GRANT CREATE ON SCHEMA public TO table_owner");
        try {
            session.run("SET ROLE table_owner; CREATE TABLE t (id int PRIMARY KEY, action_id bigint); RESET ROLE");
            session.run("INSERT INTO cdc_writer VALUES ('orders', 'public.t')");

            session.run("SET ROLE table_owner; SELECT cdc_destination('t'); RESET ROLE");

            assertThat(fencesOfT()).containsExactly("action_id t");
        } finally {
            session.run("RESET ROLE; DROP OWNED BY table_owner; DROP ROLE table_owner");
        }
    }

    @Test
    void grants_what_default_privileges_take_from_everybody() throws Exception {
        session.run("""
                REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA rowrelay FROM PUBLIC;
                CREATE ROLE applier LOGIN PASSWORD 'secret'; SELECT cdc_grant_destination('employees', 'applier')""");
        try (Session applier = database.connectAs("applier", "secret")) {
            assertThat(applier.list("SELECT problem FROM rowrelay.destination_refusals('employees')"))
                    .isEmpty();
            assertThat(
                            applier.value(
                                    "SELECT bool_and(has_function_privilege(oid, 'EXECUTE'))::text FROM pg_proc WHERE pronamespace = 'rowrelay'::regnamespace"))
                    .isEqualTo("true");
        } finally {
            session.run("DROP OWNED BY applier; DROP ROLE applier");
        }
    }

    private List<String> fencesOfT() throws SQLException {
        return session.list("SELECT concat(column_name, ' ', marked) FROM rowrelay.fence('t')");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("CREATE TABLE t (id int)", "42P16", "no primary key", "ADD PRIMARY KEY"),
                arguments("CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)", "42P16", "deferrable", "NOT DEFERRABLE"),
                arguments("CREATE VIEW t AS SELECT 1 AS id", "42809", "not a table", "holds the rows"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses_and_says_what_to_do(String setUp, String code, String problem, String hint) throws SQLException {
        session.run(setUp);

        assertThatThrownBy(() -> session.run("SELECT cdc_destination('t')"))
                .hasMessageContaining(problem)
                .hasMessageContaining("Hint: ")
                .hasMessageContaining(hint)
                .extracting(failure -> ((SQLException) failure).getSQLState())
                .isEqualTo(code);
    }

    @Test
    void prepares_nothing_where_another_role_acts_on_what_the_consumer_remembers() throws SQLException {
        session.run("CREATE TABLE t (id int PRIMARY KEY); CREATE ROLE other; GRANT TRIGGER ON cdc_progress TO other");

        assertThatThrownBy(() -> session.run("SELECT cdc_destination('t')"))
                .hasMessageContaining("other has TRIGGER on public.cdc_progress")
                .hasMessageContaining("REVOKE TRIGGER ON public.cdc_progress FROM other;");
    }

    @Test
    void warns_of_constraints_that_may_refuse_rows() throws SQLException {
        session.run(
                "CREATE TABLE t (id int PRIMARY KEY, mail text UNIQUE, boss int REFERENCES t, span int4range, EXCLUDE USING gist (span WITH &&));"
                        + " CREATE UNIQUE INDEX other ON t (lower(mail)); CREATE TABLE badge (t int REFERENCES t)");

        assertThat(session.messages("SELECT cdc_destination('t')"))
                .containsExactly(
                        "foreign key badge_t_fkey of public.badge may refuse rows",
                        "foreign key t_boss_fkey of public.t may refuse rows",
                        "unique index public.other of public.t may refuse rows",
                        "unique index public.t_mail_key of public.t may refuse rows",
                        "unique index public.t_span_excl of public.t may refuse rows");
    }

    @Test
    void grants_the_consumer_what_it_needs_and_no_more() throws SQLException {
        session.run(
                "CREATE ROLE \"Consumer\" LOGIN PASSWORD 'secret'; SELECT cdc_grant_destination('employees', 'Consumer')");

        try (Session consumer = database.connectAs("Consumer", "secret")) {
            consumer.run("""
                    INSERT INTO employees (emp_id, action_id) VALUES (1, 1) ON CONFLICT (emp_id) DO UPDATE SET action_id = 2;
                    INSERT INTO cdc_tombstone VALUES ('employees', '1', 3) ON CONFLICT (stream, key) DO UPDATE SET action_id = 3;
                    DELETE FROM employees; DELETE FROM cdc_tombstone""");
            assertThatThrownBy(() -> consumer.run("TRUNCATE employees")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> consumer.run("CREATE TABLE x ()")).hasMessageContaining("permission denied");
        }
        GrantedRights.assertEachIsNeeded(TableRights.ofConsumer("employees"), session, "\"Consumer\"", "cdc_writer");
    }

    @Test
    void grants_the_schemas_of_the_columns_types() throws SQLException {
        session.run("""
                CREATE SCHEMA kinds; CREATE TYPE kinds.mood AS ENUM ('glad'); CREATE TABLE t (id int PRIMARY KEY, v kinds.mood);
                SELECT cdc_destination('t'); CREATE ROLE applier LOGIN PASSWORD 'secret'; SELECT cdc_grant_destination('t', 'applier')""");

        try (Session applier = database.connectAs("applier", "secret")) {
            applier.run(
                    "INSERT INTO t SELECT * FROM json_to_recordset('[{\"id\":1,\"v\":\"glad\"}]') AS (id int, v kinds.mood)");
        }
    }
}
