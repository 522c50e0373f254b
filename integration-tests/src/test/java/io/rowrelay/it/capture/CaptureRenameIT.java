package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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

/** A table keeps its triggers under every name: no write fails, and none is taken for one of another table. */
class CaptureRenameIT {
    private static final String WRITES = """
            INSERT INTO %1$s VALUES (4, 'new'); UPDATE %1$s SET v = 'x' WHERE id = 1; UPDATE %1$s SET id = id + 10;
            DELETE FROM %1$s WHERE id = 12; DELETE FROM %1$s WHERE id = 13; INSERT INTO %1$s VALUES (12, 'again');
            MERGE INTO %1$s AS t USING (VALUES (11), (99)) AS s (id) ON s.id = t.id
                WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'merged')""";
    /** What the producer can ever see. */
    private static final String VISIBLE =
            "SELECT concat_ws(' ', action, id) FROM %s WHERE xid <= pg_current_xact_id()" + " ORDER BY action_id";

    private static SourceDatabase database;
    private static Session session;

    @BeforeAll
    static void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
    }

    @BeforeEach
    void begin() throws SQLException {
        session.run("""
                DROP SCHEMA IF EXISTS app, app2, other CASCADE;
                CREATE SCHEMA app; CREATE SCHEMA other; CREATE TABLE app.t (id int PRIMARY KEY, v text);
                SELECT cdc_capture('app.t', 'app.t_cdc'); INSERT INTO app.t VALUES (1, 'a'), (2, 'b'), (3, 'c')""");
    }

    @AfterAll
    static void close() throws SQLException {
        database.close();
    }

    static Stream<Arguments> renames() {
        return Stream.of(
                arguments("ALTER TABLE app.t RENAME TO t2", "app.t2", "app.t_cdc", "ALTER TABLE app.t2 RENAME TO t"),
                arguments(
                        "ALTER TABLE app.t SET SCHEMA other",
                        "other.t",
                        "app.t_cdc",
                        "ALTER TABLE other.t SET SCHEMA app"),
                arguments("ALTER SCHEMA app RENAME TO app2", "app2.t", "app2.t_cdc", "ALTER SCHEMA app2 RENAME TO app"),
                arguments(
                        "ALTER TABLE app.t RENAME TO \"it's 100%\"",
                        "app.\"it's 100%\"", "app.t_cdc", "ALTER TABLE app.\"it's 100%\" RENAME TO t"));
    }

    @ParameterizedTest
    @MethodSource("renames")
    void holds_back_what_is_written_under_another_name_until_that_is_the_name(
            String rename, String name, String changes, String back) throws SQLException {
        session.run(rename);

        session.run(WRITES.formatted(name));

        assertThat(session.list(VISIBLE.formatted(changes))).containsExactly("INSERT 1", "INSERT 2", "INSERT 3");
        assertThat(session.list("SELECT problem FROM cdc_check('app.t', 'app.t_cdc')"))
                .containsExactly("there is no table app.t any more: the table whose changes are in app.t_cdc is called "
                        + name + " now");
        assertThat(session.value("SELECT hint FROM cdc_check('app.t', 'app.t_cdc')"))
                .contains("Rename it back", "cdc_capture('" + name.replace("'", "''") + "', '" + changes + "')");

        session.run("SELECT cdc_capture('" + name.replace("'", "''") + "', '" + changes + "')");
        session.run("UPDATE %1$s SET v = v || '!'".formatted(name));
        assertThat(session.list("SELECT problem FROM cdc_check('" + name.replace("'", "''") + "', '" + changes + "')"))
                .isEmpty();
        assertThat(session.list(VISIBLE.formatted(changes))).hasSizeGreaterThan(12);
        new Replay(name, changes).assertEqual(session);
    }

    @ParameterizedTest
    @MethodSource("renames")
    void publishes_it_when_the_table_has_its_name_back(String rename, String name, String changes, String back)
            throws SQLException {
        session.run(rename);
        session.run(WRITES.formatted(name));
        session.run(back);

        assertThat(session.value("SELECT problem FROM cdc_check('app.t', 'app.t_cdc')"))
                .contains("were made while the table had another name, and are held back");
        session.run("SELECT cdc_capture('app.t', 'app.t_cdc'); UPDATE app.t SET v = 'back' WHERE id = 11");

        assertThat(session.list("SELECT problem FROM cdc_check('app.t', 'app.t_cdc')"))
                .isEmpty();
        assertThat(session.list(VISIBLE.formatted("app.t_cdc"))).hasSizeGreaterThan(12);
        new Replay("app.t", "app.t_cdc").assertEqual(session);
    }

    @Test
    void does_not_take_the_end_of_a_retired_table_for_that_of_its_successor() throws SQLException {
        session.run("""
                CREATE TABLE app.t_new (LIKE app.t INCLUDING ALL); INSERT INTO app.t_new SELECT * FROM app.t;
                BEGIN; ALTER TABLE app.t RENAME TO t_old; ALTER TABLE app.t_new RENAME TO t; COMMIT;
                INSERT INTO app.t VALUES (5, 'not captured'); TRUNCATE app.t_old""");

        assertThat(session.list("SELECT problem FROM cdc_check('app.t', 'app.t_cdc')"))
                .containsExactly("app.t_cdc holds the changes of app.t_old, and app.t is another table");
        assertThatThrownBy(() -> session.run("SELECT cdc_capture('app.t', 'app.t_cdc')"))
                .hasMessageContaining("SELECT cdc_uncapture('app.t_old'); SELECT cdc_capture('app.t', 'app.t_cdc')")
                .hasMessageContaining("resync");
        List<String> said =
                session.messages("SELECT cdc_uncapture('app.t_old'); SELECT cdc_capture('app.t', 'app.t_cdc')");
        session.run("INSERT INTO app.t VALUES (6, 'captured')");

        assertThat(said).anyMatch(notice -> notice.contains("3 changes in app.t_cdc were made to another table"));
        assertThat(session.list("SELECT concat_ws(' ', action, id) FROM app.t_cdc ORDER BY action_id"))
                .containsExactly("INSERT 1", "INSERT 2", "INSERT 3", "INSERT 6");
        assertThat(session.list("SELECT problem FROM cdc_check('app.t', 'app.t_cdc')"))
                .isEmpty();
    }

    @Test
    void keeps_in_a_transaction_what_was_written_before_and_after_a_rename_in_order() throws SQLException {
        session.run("""
                BEGIN; UPDATE app.t SET v = '1'; DELETE FROM app.t WHERE id = 3; ALTER TABLE app.t RENAME TO u;
                INSERT INTO app.u VALUES (3, '2'); UPDATE app.u SET v = '3' WHERE id = 1; DELETE FROM app.u WHERE id = 2;
                ALTER TABLE app.u RENAME TO t; INSERT INTO app.t VALUES (2, '4'); DELETE FROM app.t WHERE id = 3; COMMIT;
                SELECT cdc_capture('app.t', 'app.t_cdc')""");

        new Replay("app.t", "app.t_cdc").assertEqual(session);
    }

    @Test
    void says_of_a_captured_table_that_became_a_partition_what_is_lost_and_how_to_repair_it() throws SQLException {
        session.run("""
                CREATE TABLE app.p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
                ALTER TABLE app.p ATTACH PARTITION app.t FOR VALUES FROM (0) TO (100); INSERT INTO app.p VALUES (7, 'lost')""");

        assertThat(session.list("SELECT problem FROM cdc_check('app.t', 'app.t_cdc')"))
                .anyMatch(problem -> problem.contains("is a partition of app.p")
                        && problem.contains("what is written through it is not captured"));
        assertThat(session.list("SELECT hint FROM cdc_check('app.t', 'app.t_cdc')"))
                .anyMatch(hint ->
                        hint.contains("ALTER TABLE app.p DETACH PARTITION app.t") && hint.contains("verify --repair"));
    }
}
