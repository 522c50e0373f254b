package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A key is its text: what PostgreSQL calls equal and prints differently are two keys. Any table and any type will do. */
class CaptureKeysIT {
    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run("""
                CREATE EXTENSION citext;
                CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE TYPE pair AS (a int, b text);
                CREATE DOMAIN code AS text NOT NULL CHECK (value <> '')""");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments("smallint", "1", "2"),
                arguments("bigint", "1", "-9223372036854775808"),
                arguments("numeric", "1.0", "1.00"),
                arguments("float8", "0", "-0"),
                arguments("real", "NaN", "infinity"),
                arguments("text", "a", "A"),
                arguments("varchar(9)", "it''s", "\\"),
                arguments("char(3)", "a", "b"),
                arguments("text COLLATE any_case", "a", "A"),
                arguments("citext", "a", "A"),
                arguments("code", "a", "b"),
                arguments("name", "a", "b"),
                arguments("uuid", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"),
                arguments("boolean", "t", "f"),
                arguments("mood", "glad", "sad"),
                arguments("date", "infinity", "0044-03-15 BC"),
                arguments("timestamptz", "2026-01-01 00:00+00", "2026-01-01 00:00+01"),
                arguments("interval", "1 day", "24 hours"),
                arguments("time", "00:00", "24:00"),
                arguments("timetz", "10:00+00", "11:00+01"),
                arguments("bytea", "\\x00", "\\xff"),
                arguments("inet", "10.0.0.1", "10.0.0.1/8"),
                arguments("jsonb", "{\"a\": 1.0}", "{\"a\": 1.00}"),
                arguments("int4range", "[1,3)", "(,)"),
                arguments("int[]", "{1,NULL}", "[0:1]={1,2}"),
                arguments("numeric[]", "{1.0}", "{1.00}"),
                arguments("pair", "(,)", "(1,\"a,b\")"),
                arguments("bit varying", "0", "00"),
                arguments("money", "1", "2"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void tells_keys_apart_by_their_text(String type, String first, String second) throws SQLException {
        Replay replay = new Replay("t", "t_cdc");
        session.run("CREATE TABLE t (k " + type + " PRIMARY KEY, n int); SELECT cdc_capture('t', 't_cdc');"
                + " INSERT INTO t VALUES ('" + first + "', 1); UPDATE t SET n = 2");

        session.run("UPDATE t SET k = '" + second + "'");

        assertThat(session.list("SELECT action FROM t_cdc ORDER BY action_id"))
                .containsExactly("INSERT", "UPDATE", "DELETE", "INSERT");
        replay.assertEqual(session);

        session.run("BEGIN; UPDATE t SET n = 3; UPDATE t SET k = '" + first + "'; UPDATE t SET n = 4; COMMIT");

        assertThat(session.list("SELECT action FROM t_cdc ORDER BY action_id OFFSET 4"))
                .containsExactly("UPDATE", "DELETE", "INSERT", "UPDATE");
        replay.assertEqual(session);
        assertThat(session.list("SELECT problem FROM cdc_check('t', 't_cdc')")).isEmpty();
    }

    static Stream<Arguments> keysOfManyDigits() {
        return Stream.of(
                arguments("float8", "0.3", "0.30000000000000004"),
                arguments("real", "0.3", "0.3000001"),
                arguments("few_digits", "0.3", "0.30000000000000004"),
                arguments("float8[]", "{0.3}", "{0.30000000000000004}"),
                arguments("reach", "[0.3,1)", "[0.30000000000000004,1)"),
                // The session's zone had one name for both: 2014-10-26 01:30 MSK was twice.
                arguments("tstzrange", "[2014-10-25 21:30+00,)", "[2014-10-25 22:30+00,)"));
    }

    @ParameterizedTest
    @MethodSource("keysOfManyDigits")
    void tells_keys_apart_whatever_digits_the_session_prints(String type, String first, String second)
            throws SQLException {
        Replay replay = new Replay("t", "t_cdc");
        // In a function, since the driver refuses a session with such dates.
        session.run("""
                CREATE DOMAIN few_digits AS float8;
                CREATE TYPE reach AS RANGE (subtype = float8);
                CREATE FUNCTION application(statements text) RETURNS void LANGUAGE plpgsql
                    SET extra_float_digits = -5 SET DateStyle = 'SQL, DMY' SET TimeZone = 'Europe/Moscow'
                    AS 'BEGIN EXECUTE statements; END';
                CREATE TABLE t (k %1$s PRIMARY KEY, n int);
                SELECT cdc_capture('t', 't_cdc');
                INSERT INTO t VALUES ('%2$s', 1);
                SELECT application($$UPDATE t SET k = '%3$s'$$);
                SELECT application($$UPDATE t SET n = 2; INSERT INTO t VALUES ('%2$s', 3); UPDATE t SET n = n + 10;
                                     DELETE FROM t WHERE k = '%2$s'$$)""".formatted(type, first, second));

        assertThat(session.list("SELECT action FROM t_cdc ORDER BY action_id LIMIT 4"))
                .containsExactly("INSERT", "DELETE", "INSERT", "UPDATE");
        replay.assertEqual(session);
        assertThat(session.list("SELECT problem FROM cdc_check('t', 't_cdc')")).isEmpty();
    }

    @Test
    void captures_a_table_with_awkward_names_and_a_composite_key() throws SQLException {
        session.run("""
                CREATE SCHEMA "My Schema";
                CREATE TABLE "My Schema"."Odd %s ""Table"" 1" ("select" int, "Key 2" numeric, "now" text, "v" text, "n" text, "o" text,
                    "touched" text, "captured" text, "FOUND" int, "r" text, "new_rows" text, "action_id2" text, "%I {row} $1" text,
                    "it's" text, "a\\b" text, dropped int, PRIMARY KEY ("Key 2", "select"));
                ALTER TABLE "My Schema"."Odd %s ""Table"" 1" DROP COLUMN dropped;
                SELECT cdc_capture('"My Schema"."Odd %s ""Table"" 1"', '"Odd %s Changes"');
                INSERT INTO "My Schema"."Odd %s ""Table"" 1" SELECT i, i / 2.0, 'now', 'v', 'n', 'o', 't', 'c', 1, 'r', 'x', 'y', 'z', 'q', 'b'
                    FROM generate_series(1, 3) i;
                BEGIN;
                UPDATE "My Schema"."Odd %s ""Table"" 1" SET "v" = 'changed', "FOUND" = 2;
                UPDATE "My Schema"."Odd %s ""Table"" 1" SET "select" = 10 WHERE "select" = 2;
                UPDATE "My Schema"."Odd %s ""Table"" 1" SET "Key 2" = 0.500 WHERE "select" = 1;
                DELETE FROM "My Schema"."Odd %s ""Table"" 1" WHERE "select" = 3;
                INSERT INTO "My Schema"."Odd %s ""Table"" 1" ("select", "Key 2") VALUES (3, 1.5), (4, 1.5);
                COMMIT""");

        new Replay("\"My Schema\".\"Odd %s \"\"Table\"\" 1\"", "\"My Schema\".\"Odd %s Changes\"").assertEqual(session);
        assertThat(
                        session.value(
                                "SELECT count(*) FROM cdc_check('\"My Schema\".\"Odd %s \"\"Table\"\" 1\"', '\"Odd %s Changes\"')"))
                .isEqualTo("0");
    }

    @Test
    void keeps_values_of_every_type_as_they_are() throws SQLException {
        session.run("""
                CREATE TABLE wide (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, c code, d numeric, f float8, b bytea, ts timestamptz,
                    i interval, a text[], j jsonb, js json, x xml, m mood, p pair, r int4range, mr nummultirange, ip inet, bt bit(3),
                    ch char(5), nd text COLLATE any_case, ca code[], big text,
                    stored numeric GENERATED ALWAYS AS (d * 2) STORED, derived numeric GENERATED ALWAYS AS (d * 3) VIRTUAL);
                SELECT cdc_capture('wide', 'wide_cdc');
                INSERT INTO wide (c, d, f, b, ts, i, a, j, js, x, m, p, r, mr, ip, bt, ch, nd, ca, big) VALUES
                    ('c', repeat('9', 900)::numeric, 'NaN', '\\x00ff', '-infinity', '1 mon -1 day', '{"a\\"b",NULL,""}', '{"a": 1e400}',
                     '{"b":1, "b" :2}', '<a/>', 'sad', '(1,"x ""y"" z")', '[1,5)', '{[1,2],(3,)}', '::1/64', '101', 'ab', 'Ä', '{x,y}',
                     repeat('5 MB ', 1000000)),
                    ('d', 1.500, '-0', '', '0044-03-15 12:00 BC', '-00:00:01', '{}', 'null', 'null', '', 'glad', '(,)', 'empty', '{}',
                     '10.0.0.1', '000', '', '', '{}', '');
                UPDATE wide SET d = d + 1;
                BEGIN; UPDATE wide SET c = 'twice'; UPDATE wide SET c = 'thrice'; COMMIT""");

        new Replay("wide", "wide_cdc").assertEqual(session);
        assertThat(
                        session.list(
                                "SELECT attname FROM pg_attribute WHERE attrelid = 'wide_cdc'::regclass AND attname IN ('stored', 'derived')"))
                .as("a virtual column is left out")
                .containsExactly("stored");
    }

    @Test
    void shifts_and_swaps_keys() throws SQLException {
        Replay replay = new Replay("t", "t_cdc");
        session.run("CREATE TABLE t (k int PRIMARY KEY, n int); SELECT cdc_capture('t', 't_cdc');"
                + " INSERT INTO t SELECT i, i FROM generate_series(5, 1, -1) i");

        session.run("UPDATE t SET k = k + 1");

        assertThat(replay.changes(session).subList(5, 11))
                .as("gone from the old set, kept in both, new in the new set")
                .containsExactly("DELETE 1", "UPDATE 5", "INSERT 6", "UPDATE 4", "UPDATE 3", "UPDATE 2");
        replay.assertEqual(session);

        session.run(
                "BEGIN; UPDATE t SET k = 0 WHERE k = 2; UPDATE t SET k = 2 WHERE k = 3; UPDATE t SET k = 3 WHERE k = 0; COMMIT");

        assertThat(session.list("SELECT n FROM t ORDER BY k")).containsExactly("2", "1", "3", "4", "5");
        replay.assertEqual(session);
    }
}
