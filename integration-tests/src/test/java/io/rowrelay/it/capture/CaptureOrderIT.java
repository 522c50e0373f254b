package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The newest change of a row is the row, also where PostgreSQL fires the statement triggers in another order than the
 * rows were written: statements within statements, and several actions in one statement.
 */
class CaptureOrderIT {
    private static final Replay ITEMS = new Replay("item", "item_cdc");
    private static final String TABLE = """
            CREATE TABLE item (id int PRIMARY KEY, note text, parent int);
            SELECT cdc_capture('item', 'item_cdc');
            INSERT INTO item VALUES (1, 'one'), (2, 'two'), (3, 'three');
            CREATE FUNCTION run(statement text) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
            DECLARE n int; BEGIN EXECUTE statement; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;
            CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF pg_trigger_depth() = 1 THEN
                    EXECUTE format(TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END);
                END IF;
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            """;

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run(TABLE);
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    static Stream<Arguments> row_triggers() {
        String update = "UPDATE item SET note = note || '!' WHERE id = %s";
        String delete = "DELETE FROM item WHERE id = %s";
        String move = "UPDATE item SET id = id + 100 WHERE id = %s";
        String again = "INSERT INTO item VALUES (%s, 'again')";
        String upsert = "INSERT INTO item VALUES (%s, 'again') ON CONFLICT (id) DO UPDATE SET note = 'upserted'";
        return Stream.of(
                arguments("AFTER INSERT", update, "INSERT INTO item VALUES (4, 'four'), (5, 'five')"),
                arguments("AFTER INSERT", delete, "INSERT INTO item VALUES (4, 'four'), (5, 'five')"),
                arguments("AFTER INSERT", move, "INSERT INTO item VALUES (4, 'four'), (5, 'five')"),
                arguments("AFTER INSERT", upsert, "INSERT INTO item VALUES (4, 'four')"),
                arguments("AFTER UPDATE", update, "UPDATE item SET note = 'new'"),
                arguments("AFTER UPDATE", delete, "UPDATE item SET note = 'new'"),
                arguments("AFTER UPDATE", move, "UPDATE item SET note = 'new'"),
                arguments("AFTER UPDATE", upsert, "UPDATE item SET note = 'new' WHERE id = 1"),
                arguments(
                        "AFTER UPDATE",
                        "DELETE FROM item WHERE id = %s; INSERT INTO item VALUES (8)",
                        "UPDATE item SET id = 9 WHERE id = (SELECT min(id) FROM item)"),
                arguments("AFTER DELETE", again, "DELETE FROM item"),
                arguments("AFTER DELETE", upsert, "DELETE FROM item WHERE id < 3"),
                arguments("BEFORE INSERT", "INSERT INTO item VALUES (%s + 1)", "INSERT INTO item VALUES (4), (6)"),
                arguments("BEFORE INSERT", "DELETE FROM item", "INSERT INTO item VALUES (4, 'four'), (1, 'new one')"),
                arguments(
                        "BEFORE UPDATE",
                        "UPDATE item SET note = 'other' WHERE id = %s + 1",
                        "UPDATE item SET note = 'outer' WHERE id = 1"),
                arguments(
                        "BEFORE UPDATE", "DELETE FROM item WHERE id = %s + 1", "UPDATE item SET id = 11 WHERE id = 1"),
                arguments(
                        "BEFORE DELETE",
                        "UPDATE item SET id = id + 10 WHERE id = %s + 1",
                        "DELETE FROM item WHERE id = 1"),
                arguments("BEFORE DELETE", "INSERT INTO item VALUES (%s + 10)", "DELETE FROM item"));
    }

    @ParameterizedTest
    @MethodSource("row_triggers")
    void survives_a_row_trigger_that_writes_the_same_table(String when, String inner, String outer)
            throws SQLException {
        session.run(trigger(when, inner));

        session.run(outer);

        ITEMS.assertEqual(session);
    }

    @ParameterizedTest
    @MethodSource("row_triggers")
    void survives_it_in_a_transaction_that_wrote_before(String when, String inner, String outer) throws SQLException {
        session.run(
                "BEGIN; DELETE FROM item WHERE id = 3; INSERT INTO item VALUES (3); UPDATE item SET note = 'x'; SAVEPOINT s;"
                        + trigger(when, inner));

        session.run(outer + "; RELEASE s; COMMIT");

        ITEMS.assertEqual(session);
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                arguments("MERGE deletes a key and inserts it again", """
                        MERGE INTO item i USING (VALUES (1, 'out'), (10, 'in')) AS v (id, what) ON i.id = v.id
                        WHEN MATCHED THEN DELETE
                        WHEN NOT MATCHED THEN INSERT VALUES (v.id - 9, v.what)"""),
                arguments("MERGE moves a key away and inserts it again", """
                        MERGE INTO item i USING (VALUES (1), (10)) AS v (id) ON i.id = v.id
                        WHEN MATCHED THEN UPDATE SET id = 50
                        WHEN NOT MATCHED THEN INSERT VALUES (1, 'again')"""),
                arguments("MERGE deletes a key and moves another there", """
                        MERGE INTO item i USING (VALUES (1), (2)) AS v (id) ON i.id = v.id
                        WHEN MATCHED AND i.id = 1 THEN DELETE
                        WHEN MATCHED THEN UPDATE SET id = 1"""),
                arguments("WITH deletes a row and inserts its key before the deletion is complete", """
                        WITH gone AS (DELETE FROM item RETURNING *)
                        INSERT INTO item SELECT id, 'again' FROM gone LIMIT 1"""),
                arguments(
                        "WITH deletes a row and inserts its key",
                        "WITH gone AS (DELETE FROM item RETURNING *) INSERT INTO item SELECT id, 'again' FROM gone"),
                arguments("WITH moves a row and inserts its key", """
                        WITH moved AS (UPDATE item SET id = id + 100 RETURNING *)
                        INSERT INTO item SELECT id - 100, 'again' FROM moved LIMIT 2"""),
                arguments("WITH deletes a row and moves another there", """
                        WITH gone AS (DELETE FROM item WHERE id = 1 RETURNING *)
                        UPDATE item SET id = gone.id FROM gone WHERE item.id = 2"""),
                arguments(
                        "upsert moves keys",
                        "INSERT INTO item VALUES (1, 'a'), (4, 'b') ON CONFLICT (id) DO UPDATE SET id = 70, note = EXCLUDED.note"),
                arguments(
                        "a function in INSERT changes the inserted row",
                        "INSERT INTO item SELECT i, run('UPDATE item SET note = ''inner'' WHERE id = ' || i - 1) FROM generate_series(4, 6) i"),
                arguments(
                        "a function in INSERT removes the inserted row",
                        "INSERT INTO item SELECT i, run('DELETE FROM item WHERE id = ' || i - 1) FROM generate_series(4, 6) i"),
                arguments(
                        "a function in UPDATE changes rows updated before",
                        "UPDATE item SET note = 'outer', parent = run('UPDATE item SET note = note || ''+'' WHERE id = ' || id - 1)"),
                arguments(
                        "a function in RETURNING changes the updated row",
                        "UPDATE item SET note = 'outer' RETURNING run('UPDATE item SET note = ''inner'' WHERE id = ' || id)"),
                arguments(
                        "a function in RETURNING of DELETE inserts the row again",
                        "DELETE FROM item RETURNING run('INSERT INTO item VALUES (' || id || ', ''back'')')"),
                arguments(
                        "a function in RETURNING of INSERT moves the row",
                        "INSERT INTO item VALUES (4, 'four') RETURNING run('UPDATE item SET id = 40 WHERE id = 4')"),
                arguments("a function in RETURNING that fails half-way", """
                        UPDATE item SET note = 'outer' RETURNING swallow('UPDATE item SET note = ''inner'' WHERE id = ' || id,
                            CASE WHEN id <> 2 THEN 'SELECT 1 / 0' END)"""),
                arguments("statements one after the other", """
                        BEGIN; DELETE FROM item WHERE id = 1; INSERT INTO item VALUES (1, 'again'); UPDATE item SET note = 'x' WHERE id = 1;
                        UPDATE item SET id = 77 WHERE id = 1; INSERT INTO item VALUES (1, 'third'); DELETE FROM item WHERE id = 77; COMMIT"""),
                arguments("a swap through a third value", """
                        BEGIN; UPDATE item SET id = -1 WHERE id = 1; UPDATE item SET id = 1 WHERE id = 2;
                        UPDATE item SET id = 2 WHERE id = -1; COMMIT"""),
                arguments("savepoints released and rolled back", """
                        BEGIN; SAVEPOINT a; UPDATE item SET note = 'a'; ROLLBACK TO a; DELETE FROM item WHERE id = 1; SAVEPOINT b;
                        INSERT INTO item VALUES (1, 'b'); RELEASE b; SAVEPOINT c; DELETE FROM item; ROLLBACK TO c; UPDATE item SET note = 'c'; COMMIT"""),
                arguments("repeatable read", """
                        BEGIN ISOLATION LEVEL REPEATABLE READ; DELETE FROM item WHERE id = 1; INSERT INTO item VALUES (1, 'rr');
                        UPDATE item SET note = note || 'x'; UPDATE item SET id = id + 10; DELETE FROM item WHERE id = 12; COMMIT"""),
                arguments(
                        "truncated and filled again",
                        "BEGIN; UPDATE item SET note = 'x'; TRUNCATE item; INSERT INTO item VALUES (1, 'n'); COMMIT"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void survives(String name, String statement) throws SQLException {
        session.run("""
                CREATE FUNCTION swallow(first text, second text) RETURNS int LANGUAGE plpgsql AS $$
                BEGIN EXECUTE first; EXECUTE coalesce(second, 'SELECT'); RETURN 1;
                EXCEPTION WHEN division_by_zero THEN RETURN 0; END $$""");
        List<String> before = session.list("SELECT item::text FROM item ORDER BY id");

        session.run(statement);

        assertThat(session.list("SELECT item::text FROM item ORDER BY id"))
                .as(name)
                .isNotEqualTo(before);
        ITEMS.assertEqual(session);
    }

    /** A setting of the session is anybody's: no writer may hide by it what his transaction has captured. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO item SELECT i, hide('UPDATE item SET note = ''inner'' WHERE id = ' || i - 1) FROM generate_series(4, 6) i",
                "INSERT INTO item SELECT i, hide('DELETE FROM item WHERE id = ' || i - 1) FROM generate_series(4, 6) i",
                "UPDATE item SET note = 'outer', parent = hide('UPDATE item SET note = note || ''+'' WHERE id = ' || id - 1)",
                "DELETE FROM item RETURNING hide('INSERT INTO item VALUES (' || id || ', ''back'')')"
            })
    void survives_a_writer_who_resets_every_setting_that_he_can(String statement) throws SQLException {
        session.run("""
                CREATE FUNCTION hide(statement text) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
                BEGIN
                    EXECUTE statement;
                    PERFORM pg_stat_force_next_flush();
                    PERFORM set_config(s.name, s.reset_val, true) FROM pg_settings AS s WHERE s.name LIKE 'rowrelay.%';
                    PERFORM set_config('rowrelay.captured', '', true);
                    RETURN 0;
                END $$;
                CREATE ROLE writer LOGIN PASSWORD 'secret'; GRANT SELECT, INSERT, UPDATE, DELETE ON item TO writer""");

        try (Session writer = database.connectAs("writer", "secret")) {
            writer.run(statement);
        }

        ITEMS.assertEqual(session);
    }

    @Test
    void survives_a_session_without_statistics() throws SQLException {
        session.run(
                "SET track_counts = off; INSERT INTO item SELECT i, run('UPDATE item SET note = ''inner'' WHERE id = ' || i - 1)"
                        + " FROM generate_series(4, 6) i");

        ITEMS.assertEqual(session);
    }

    @Test
    void survives_a_statement_trigger_that_fires_before_the_capture() throws SQLException {
        session.run("""
                CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF pg_trigger_depth() = 1 THEN UPDATE item SET note = 'touched'; DELETE FROM item WHERE id = 2; END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER a_touch AFTER INSERT OR UPDATE OR DELETE ON item FOR EACH STATEMENT EXECUTE FUNCTION touch();
                INSERT INTO item VALUES (4, 'four')""");
        ITEMS.assertEqual(session);

        session.run("UPDATE item SET note = 'outer', id = id + 100");
        ITEMS.assertEqual(session);

        session.run("INSERT INTO item VALUES (2, 'two') ON CONFLICT DO NOTHING; DELETE FROM item WHERE id = 101");
        ITEMS.assertEqual(session);
    }

    @Test
    void survives_cascades_within_the_table() throws SQLException {
        session.run("""
                CREATE TABLE tree (a int, b int, note text, parent_a int, parent_b int, PRIMARY KEY (a, b),
                    FOREIGN KEY (parent_a, parent_b) REFERENCES tree ON UPDATE CASCADE ON DELETE CASCADE);
                CREATE TABLE chain (id int PRIMARY KEY REFERENCES chain (id) ON UPDATE CASCADE, note text);
                SELECT cdc_capture('tree', 'tree_cdc'), cdc_capture('chain', 'chain_cdc');
                INSERT INTO tree VALUES (1, 1, 'root', NULL, NULL), (1, 2, 'child', 1, 1), (1, 3, 'grandchild', 1, 2), (2, 2, 'self', 2, 2);
                UPDATE tree SET b = b + 10;
                UPDATE tree SET note = 'x', a = 5 WHERE a = 1 AND b = 11;
                DELETE FROM tree WHERE b = 12""");

        new Replay("tree", "tree_cdc").assertEqual(session);
    }

    @Test
    void survives_a_cascade_that_moves_the_key_again() throws SQLException {
        session.run("""
                CREATE TABLE link (up int, down int, note text, PRIMARY KEY (up, down), UNIQUE (down),
                    FOREIGN KEY (up) REFERENCES link (down) ON UPDATE CASCADE);
                SELECT cdc_capture('link', 'link_cdc');
                INSERT INTO link VALUES (1, 1, 'loop'), (1, 2, 'a'), (2, 3, 'b'), (3, 4, 'c');
                UPDATE link SET down = down + 10;
                UPDATE link SET down = 99, note = 'again' WHERE down = 11;""");

        assertThat(session.value("SELECT count(*) FROM link WHERE up = 99")).isEqualTo("2");
        new Replay("link", "link_cdc").assertEqual(session);
    }

    private static String trigger(String when, String inner) {
        return "CREATE TRIGGER reaction " + when + " ON item FOR EACH ROW EXECUTE FUNCTION on_change(" + literal(inner)
                + ")";
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
