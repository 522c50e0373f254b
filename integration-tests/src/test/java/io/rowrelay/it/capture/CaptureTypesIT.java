package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The change table holds what a column is widened to before anybody tells it, and columns of every name. */
class CaptureTypesIT {
    private static final Replay T = new Replay("t", "t_cdc");
    private static final String CHECK = "SELECT problem FROM cdc_check('t', 't_cdc')";

    private static SourceDatabase database;
    private static Session session;

    @BeforeAll
    static void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
    }

    @BeforeEach
    void begin() throws SQLException {
        session.run(
                "RESET quote_all_identifiers; DROP SCHEMA IF EXISTS w CASCADE; CREATE SCHEMA w; SET search_path = w, public");
    }

    @AfterAll
    static void close() throws SQLException {
        database.close();
    }

    static Stream<Arguments> widenings() {
        return Stream.of(
                arguments("numeric(6,2)", "numeric(14,4)", "1.2345"),
                arguments("numeric(6,2)", "numeric", "123456789.123456789"),
                arguments("varchar(3)", "varchar(200)", "longer than three"),
                arguments("varchar(3)", "text", "longer than three"),
                arguments("char(3)", "char(9)", "longer"),
                arguments("smallint", "int", "100000"),
                arguments("smallint", "bigint", "3000000000"),
                arguments("int", "bigint", "3000000000"),
                arguments("real", "double precision", "0.1234567890123"),
                arguments("timestamp(0)", "timestamp", "2026-01-01 00:00:00.6"),
                arguments("timestamptz(0)", "timestamptz(3)", "2026-01-01 00:00:00.6+00"),
                arguments("time(0)", "time", "00:00:00.6"),
                arguments("interval(0)", "interval", "0.6 s"),
                arguments("interval day", "interval", "1 day 2 hours"),
                arguments("bit(2)", "bit(5)", "10101"),
                arguments("bit(2)", "bit varying", "10101"),
                arguments("varbit(2)", "varbit(5)", "10101"),
                arguments("int[]", "bigint[]", "{3000000000}"),
                arguments("varchar(2)[]", "text[]", "{abc}"),
                arguments("numeric(4,1)[]", "numeric[]", "{1.25}"),
                arguments("real[]", "double precision[]", "{0.1234567890123}"),
                arguments("mood", "text", "neither"),
                arguments("mood[]", "text[]", "{neither}"),
                arguments("short", "text", "longer than three"),
                arguments("short", "varchar(50)", "longer than three"));
    }

    @ParameterizedTest
    @MethodSource("widenings")
    void rounds_and_refuses_nothing_while_it_does_not_know_of_a_widened_column(String type, String wider, String value)
            throws SQLException {
        session.run("""
                CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN short AS varchar(3);
                CREATE TABLE t (id int PRIMARY KEY, v %s); SELECT cdc_capture('t', 't_cdc')""".formatted(type));

        session.run("ALTER TABLE t ALTER v TYPE %s; INSERT INTO t VALUES (1, '%s')".formatted(wider, value));

        T.assertEqual(session);
        assertThat(session.list(CHECK)).isEmpty();
    }

    @Test
    void names_the_repair_where_a_type_became_another_one() throws SQLException {
        session.run("""
                CREATE TABLE t (id int PRIMARY KEY, v date); SELECT cdc_capture('t', 't_cdc');
                ALTER TABLE t ALTER v TYPE timestamp""");

        assertThat(session.list("SELECT hint FROM cdc_check('t', 't_cdc')"))
                .anyMatch(hint -> hint.contains("ALTER TABLE w.t_cdc ALTER COLUMN v TYPE timestamp without time zone")
                        && hint.contains("verify --repair"));
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("action_id"),
                arguments("action"),
                arguments("xid"),
                arguments("changed_at"),
                arguments("_action"),
                arguments("__changed_at"),
                arguments("now"),
                arguments("touched"),
                arguments("captured"),
                arguments("moved"),
                arguments("place"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void captures_a_column_of_any_name_also_as_key_and_one_that_comes_later(String name) throws SQLException {
        session.run("""
                CREATE TABLE t (%1$s int PRIMARY KEY, "_%1$s" text, "__%1$s" text); SELECT cdc_capture('t', 't_cdc');
                INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd'); UPDATE t SET %1$s = %1$s * 10, "_%1$s" = 'e';
                DELETE FROM t WHERE %1$s = 20; BEGIN; DELETE FROM t; INSERT INTO t VALUES (7, 'x', 'y'); COMMIT;
                WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO t SELECT * FROM gone;
                ALTER TABLE t ADD COLUMN "___%1$s" int""".formatted(name));
        assertThat(session.list(CHECK)).anyMatch(problem -> problem.contains("lacks column"));

        session.run("SELECT cdc_capture('t', 't_cdc'); UPDATE t SET \"___%s\" = 5".formatted(name));

        assertThat(session.list(CHECK)).isEmpty();
        T.assertEqual(session);
    }

    @Test
    void warns_of_what_does_not_travel() throws SQLException {
        String virtual = session.value("SELECT current_setting('server_version_num')::int >= 180000")
                        .equals("t")
                ? "VIRTUAL"
                : "STORED";
        session.run("CREATE DOMAIN lo AS oid; CREATE TABLE t (id int PRIMARY KEY, picture lo, file oid,"
                + " double int GENERATED ALWAYS AS (id * 2) " + virtual + ")");

        List<String> warnings = session.messages("SELECT cdc_capture('t', 't_cdc')");

        assertThat(warnings).anyMatch(line -> line.contains("column picture of w.t is of type w.lo"));
        assertThat(warnings).anyMatch(line -> line.contains("column file of w.t is of type oid"));
        if (virtual.equals("VIRTUAL")) {
            assertThat(warnings).anyMatch(line -> line.contains("column double of w.t is a virtual generated column"));
        }
        session.run("INSERT INTO t VALUES (1, 2, 3)");
        assertThat(session.list(CHECK)).isEmpty();
    }

    @Test
    void does_not_hang_on_how_a_session_prints_names() throws SQLException {
        session.run("SET quote_all_identifiers = on; CREATE TABLE t (id int PRIMARY KEY, v varchar(3));"
                + " SELECT cdc_capture('t', 't_cdc')");
        assertThat(session.list(CHECK)).isEmpty();

        session.run("SELECT cdc_capture('t', 't_cdc'); RESET quote_all_identifiers");

        assertThat(session.list(CHECK)).isEmpty();
        session.run("SELECT cdc_capture('t', 't_cdc'); INSERT INTO t VALUES (1, 'a')");
        T.assertEqual(session);
    }

    @Test
    void captures_no_column_that_a_consumer_keeps_for_itself() throws SQLException {
        session.run(
                "CREATE TABLE t (id int PRIMARY KEY, action_id bigint);"
                        + " COMMENT ON COLUMN t.action_id IS 'Rowrelay: the change that the row shows'; SELECT cdc_capture('t', 't_cdc')");

        assertThat(session.list("SELECT attname FROM pg_attribute WHERE attrelid = 't_cdc'::regclass AND attnum > 0"))
                .containsExactly("action_id", "id", "action", "changed_at", "xid");
    }
}
