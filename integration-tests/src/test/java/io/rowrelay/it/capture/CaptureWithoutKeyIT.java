package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table without a key travels as images of its rows, in a stream of several tables only. */
class CaptureWithoutKeyIT {
    /** Rows that are there more or fewer times than the changes say. */
    private static final String DIFFERENCES = """
            SELECT image FROM (
                SELECT concat_ws(',', a, b, c) AS image, 1 AS more FROM %1$s
                UNION ALL
                SELECT concat_ws(',', a, b, c), CASE action WHEN 'INSERT' THEN -1 WHEN 'DELETE' THEN 1 ELSE 99 END FROM %1$s_cdc) AS i
            GROUP BY image HAVING sum(more) <> 0""";

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run("""
                CREATE TABLE plain (a int, b text, c float8[]);
                CREATE TABLE whole (a int, b text, c float8[]) PARTITION BY LIST (a);
                CREATE TABLE whole_1 PARTITION OF whole FOR VALUES IN (1, 2);
                CREATE TABLE whole_2 (c float8[], b text, a int);
                ALTER TABLE whole ATTACH PARTITION whole_2 DEFAULT;
                SELECT cdc_stream('bare', 'public.plain', 'public.whole')""");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void each_image_that_goes_and_comes_is_written_once() throws SQLException {
        session.run("""
                INSERT INTO plain VALUES (1, 'x', '{0.1}'), (1, 'x', '{0.1}'), (2, NULL, NULL);
                UPDATE plain SET b = 'y' WHERE a = 1; DELETE FROM plain WHERE b IS NULL""");

        assertThat(session.list("SELECT concat_ws(' ', action, a, b) FROM plain_cdc ORDER BY action_id"))
                .containsExactly(
                        "INSERT 1 x",
                        "INSERT 1 x",
                        "INSERT 2",
                        "DELETE 1 x",
                        "DELETE 1 x",
                        "INSERT 1 y",
                        "INSERT 1 y",
                        "DELETE 2");
    }

    /** Statements inside statements, MERGE, savepoints, cascades and rows that move to another partition. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "whole"})
    void the_changes_add_up_to_the_table(String table) throws SQLException {
        session.run("""
                CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF pg_trigger_depth() < 3 AND NEW.a %% 3 = 0 THEN
                        UPDATE %1$s SET b = b || '!', a = a + 1 WHERE a = NEW.a; INSERT INTO %1$s VALUES (NEW.a + 7, 'inner', NULL);
                    END IF; RETURN NEW; END $$;
                CREATE TRIGGER before_it BEFORE UPDATE ON %1$s FOR EACH ROW WHEN (NEW.a = 5) EXECUTE FUNCTION again();
                CREATE TRIGGER after_it AFTER INSERT OR UPDATE ON %1$s FOR EACH ROW EXECUTE FUNCTION again()""".formatted(table));
        Random random = new Random(table.hashCode());
        for (int i = 0; i < Integer.getInteger("rowrelay.keylessRuns", 60); i++) {
            int key = random.nextInt(6);
            List<String> statements = List.of(
                    "INSERT INTO %1$s SELECT g, 'x', '{0.1,NaN}' FROM generate_series(" + key + ", 6) AS g",
                    "UPDATE %1$s SET a = a + 1 WHERE a = " + key,
                    "UPDATE %1$s SET b = 'u" + key + "', c = '{}'",
                    "DELETE FROM %1$s WHERE a >= " + key + " AND b <> 'x'",
                    "MERGE INTO %1$s AS t USING (VALUES (" + key + "), (9)) AS s (k) ON t.a = s.k"
                            + " WHEN MATCHED AND t.b = 'x' THEN DELETE WHEN MATCHED THEN UPDATE SET a = 3"
                            + " WHEN NOT MATCHED THEN INSERT VALUES (k, 'm', NULL)",
                    "WITH gone AS (DELETE FROM %1$s WHERE a = " + key
                            + " RETURNING *) INSERT INTO %1$s SELECT a + 1, b, c FROM gone",
                    "BEGIN; SAVEPOINT s; DELETE FROM %1$s; ROLLBACK TO s; UPDATE %1$s SET b = NULL WHERE a = " + key
                            + "; COMMIT",
                    "TRUNCATE %1$s");
            session.run(statements
                    .get(random.nextInt(10) == 0 ? 7 : random.nextInt(7))
                    .formatted(table));
            assertThat(session.list(DIFFERENCES.formatted(table))).isEmpty();
            session.run("DELETE FROM " + table + " WHERE (SELECT count(*) FROM " + table + ") > 300 OR a > 20");
        }
        assertSound(table);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "whole"})
    void what_is_written_under_another_name_is_held_back(String table) throws SQLException {
        session.run(
                ("ALTER TABLE %1$s RENAME TO other; INSERT INTO other VALUES (1, '%%s', NULL); UPDATE other SET a = 9; TRUNCATE other;"
                                + " INSERT INTO other VALUES (2, 'x', '{1}'); ALTER TABLE other RENAME TO %1$s")
                        .formatted(table));
        assertThat(session.list("SELECT problem FROM cdc_check('" + table + "', '" + table + "_cdc')"))
                .singleElement()
                .asString()
                .contains("5 changes", "held back");

        session.run("SELECT cdc_capture('" + table + "', '" + table + "_cdc')");

        assertThat(session.list(DIFFERENCES.formatted(table))).isEmpty();
        assertSound(table);
    }

    @Test
    void a_key_that_comes_or_goes_wants_other_functions() throws SQLException {
        session.run("INSERT INTO plain VALUES (1, 'x', NULL); ALTER TABLE plain ADD PRIMARY KEY (a)");
        assertThat(session.list("SELECT problem FROM cdc_check('plain', 'plain_cdc')"))
                .hasSize(3)
                .allMatch(problem -> problem.contains("is not as cdc_capture makes it"));
        session.run("SELECT rowrelay.capture_into('bare', 'plain'); UPDATE plain SET b = 'y'");
        assertThat(session.list("SELECT action FROM plain_cdc ORDER BY action_id"))
                .containsExactly("INSERT", "UPDATE");

        session.run(
                "ALTER TABLE plain DROP CONSTRAINT plain_pkey; SELECT cdc_capture('plain', 'plain_cdc'); UPDATE plain SET b = 'z'");
        assertThat(session.list("SELECT action FROM plain_cdc ORDER BY action_id"))
                .containsExactly("INSERT", "UPDATE", "DELETE", "INSERT");
        assertSound("plain");
    }

    @Test
    void a_stream_of_one_table_wants_a_key() {
        assertThatThrownBy(() -> session.run("CREATE TABLE other (a int); SELECT cdc_capture('other', 'other_cdc')"))
                .hasMessageContaining("public.other has no primary key");
    }

    private void assertSound(String table) throws SQLException {
        assertThat(session.list("SELECT problem FROM cdc_check('" + table + "', '" + table + "_cdc')"))
                .isEmpty();
    }
}
