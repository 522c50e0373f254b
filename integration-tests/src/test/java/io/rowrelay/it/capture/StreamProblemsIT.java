package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The check of all tables of a stream, which looks closely only at what has changed, finds what the check of one table finds. */
class StreamProblemsIT {
    private static final String PROBLEMS =
            "SELECT concat_ws(': ', source_table, problem) FROM rowrelay.stream_problems('shop') ORDER BY 1";
    private static final String ONE_BY_ONE = """
            SELECT DISTINCT concat_ws(': ', CASE WHEN i.problem IS NULL THEN t.source_table END, p.problem)
            FROM rowrelay.stream_table AS t
            CROSS JOIN LATERAL rowrelay.problems(t.source_table::text, t.source_table, coalesce(
                (SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = t.change_table),
                rowrelay.default_change_table(t.source_table))) AS p
            LEFT JOIN rowrelay.installation_problems() AS i ON i.problem = p.problem
            WHERE p.step < 7 ORDER BY 1""";
    private static final String NOTED = "SELECT count(fingerprint) FROM rowrelay.stream_table";

    /** Each of them harms a capture. */
    private static final List<String> HARM = List.of(
            "ALTER TABLE shop.orders DISABLE TRIGGER cdc_update",
            "ALTER TABLE shop.orders ENABLE REPLICA TRIGGER cdc_delete",
            "DROP TRIGGER cdc_truncate ON shop.orders",
            "CREATE OR REPLACE TRIGGER cdc_insert AFTER INSERT ON shop.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT"
                    + " WHEN (1 = 0) EXECUTE FUNCTION shop.orders_cdc_insert()",
            "DROP TRIGGER cdc_insert ON shop.orders; CREATE TRIGGER cdc_insert AFTER INSERT ON shop.orders EXECUTE FUNCTION public.nothing()",
            "ALTER TABLE shop.january DISABLE TRIGGER cdc_insert",
            "CREATE TRIGGER forged AFTER INSERT ON public.employees REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION shop.orders_cdc_insert()",
            "CREATE OR REPLACE FUNCTION shop.orders_cdc_insert() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "ALTER FUNCTION shop.orders_cdc_update() RESET ALL",
            "ALTER FUNCTION shop.orders_cdc_update() OWNER TO keeper",
            "GRANT EXECUTE ON FUNCTION shop.orders_cdc_delete() TO keeper",
            "DROP FUNCTION shop.orders_cdc_truncate() CASCADE",
            "ALTER TABLE shop.orders OWNER TO keeper",
            "ALTER TABLE shop.orders RENAME TO bought",
            "ALTER TABLE shop.orders SET SCHEMA public",
            "ALTER SCHEMA shop RENAME TO store",
            "ALTER TABLE shop.orders ADD COLUMN more int",
            "ALTER TABLE shop.orders DROP COLUMN note",
            "ALTER TABLE shop.orders RENAME COLUMN note TO remark",
            "ALTER TABLE shop.orders ALTER note TYPE numeric USING NULL",
            "ALTER TABLE shop.orders DROP CONSTRAINT orders_pkey",
            "ALTER TABLE shop.bare ADD PRIMARY KEY (a)",
            "ALTER TABLE shop.orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id) DEFERRABLE",
            "ALTER TABLE shop.orders ADD UNIQUE (serial); ALTER TABLE shop.orders DROP CONSTRAINT orders_pkey",
            "ALTER TABLE shop.orders SET UNLOGGED",
            "CREATE TABLE shop.heir () INHERITS (shop.orders)",
            "ALTER TABLE shop.orders OWNER TO keeper; ALTER TABLE shop.orders_cdc OWNER TO keeper; ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;"
                    + " ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY",
            "CREATE UNLOGGED TABLE shop.march PARTITION OF shop.payments FOR VALUES IN (3)",
            "COMMENT ON COLUMN shop.orders.note IS 'Rowrelay: the change that the row shows'",
            "ALTER TYPE shop.mood RENAME TO state",
            "ALTER TABLE shop.orders ALTER mood TYPE bytea USING NULL",
            "DROP TABLE shop.orders_cdc",
            "ALTER TABLE shop.orders_cdc RENAME TO others",
            "ALTER TABLE shop.orders_cdc ADD CHECK (id > 0)",
            "ALTER TABLE shop.orders_cdc ALTER note SET NOT NULL",
            "ALTER TABLE shop.orders_cdc ALTER xid SET DEFAULT '1'",
            "ALTER TABLE shop.orders_cdc DROP COLUMN note",
            "ALTER TABLE shop.orders_cdc ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE shop.orders_cdc SET UNLOGGED",
            "DROP INDEX shop.orders_cdc_xid_action_id_idx",
            "CREATE UNIQUE INDEX ON shop.orders_cdc (id)",
            "CREATE STATISTICS shop.more ON (id + 1) FROM shop.orders_cdc",
            "CREATE RULE off AS ON INSERT TO shop.orders_cdc DO INSTEAD NOTHING",
            "CREATE TRIGGER off BEFORE INSERT ON shop.orders_cdc EXECUTE FUNCTION public.nothing()",
            "CREATE TABLE heir () INHERITS (shop.orders_cdc)",
            "CREATE TABLE refers (id bigint REFERENCES shop.orders_cdc)",
            "GRANT INSERT ON shop.orders_cdc TO keeper",
            "GRANT UPDATE (id) ON shop.orders_cdc TO keeper",
            "ALTER SEQUENCE rowrelay.shop_action_id CACHE 7",
            "ALTER SEQUENCE shop.orders_cdc_written CYCLE",
            "ALTER SEQUENCE shop.orders_cdc_written OWNED BY NONE; ALTER TABLE shop.orders_cdc ALTER action_id DROP DEFAULT",
            "GRANT UPDATE ON SEQUENCE shop.orders_cdc_written TO keeper",
            "REVOKE USAGE ON SEQUENCE rowrelay.shop_action_id FROM kept",
            "REVOKE users FROM kept; REVOKE USAGE ON SEQUENCE rowrelay.shop_action_id FROM kept",
            "CREATE OR REPLACE FUNCTION rowrelay.delete_trigger(OUT event text, OUT anew text, OUT body text) LANGUAGE sql IMMUTABLE"
                    + " SET search_path = pg_catalog, pg_temp AS $$ SELECT 'delete', '', 'BEGIN RETURN NULL; END' $$",
            "ALTER FUNCTION rowrelay.token() OWNER TO keeper",
            "GRANT TRIGGER ON rowrelay.stream_table TO keeper");

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run("""
                CREATE ROLE keeper; CREATE ROLE kept; CREATE ROLE users; GRANT users TO kept;
                CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                CREATE SCHEMA shop; GRANT ALL ON SCHEMA shop, public TO keeper, kept; CREATE TYPE shop.mood AS ENUM ('sad', 'ok');
                CREATE TABLE shop.orders (id int PRIMARY KEY, note varchar(20), mood shop.mood, serial int NOT NULL);
                CREATE TABLE shop.of_kept (id int PRIMARY KEY); ALTER TABLE shop.of_kept OWNER TO kept;
                CREATE TABLE shop.bare (a int NOT NULL, mood shop.mood[]);
                CREATE TABLE shop.payments (id int, month int, mood shop.mood, PRIMARY KEY (month, mood)) PARTITION BY LIST (month);
                CREATE TABLE shop.january PARTITION OF shop.payments FOR VALUES IN (1);
                SELECT cdc_stream('shop', 'shop.*')""");
        assertThat(session.list(PROBLEMS)).isEmpty();
        assertThat(session.value(NOTED)).isEqualTo("4");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void finds_what_the_check_of_one_table_finds() throws SQLException {
        for (String harm : HARM) {
            session.run("BEGIN; " + harm);
            List<String> found = session.list(PROBLEMS);
            assertThat(found).as(harm).isNotEmpty().containsExactlyElementsOf(session.list(ONE_BY_ONE));
            session.run("ROLLBACK");
        }
        assertThat(session.list(PROBLEMS)).isEmpty();
    }

    @Test
    void a_capture_that_was_altered_and_altered_back_is_looked_at_again() throws SQLException {
        String noted = session.value(
                "SELECT fingerprint FROM rowrelay.stream_table WHERE source_table = 'shop.orders'::regclass");
        session.run(
                "BEGIN; ALTER TABLE shop.orders DISABLE TRIGGER cdc_insert; INSERT INTO shop.orders VALUES (1, 'x', NULL, 1);"
                        + " ALTER TABLE shop.orders ENABLE ALWAYS TRIGGER cdc_insert; COMMIT");

        assertThat(
                        session.value(
                                "SELECT fingerprint FROM rowrelay.fingerprints('shop') WHERE source_table = 'shop.orders'::regclass"))
                .isNotEqualTo(noted);
        assertThat(session.list(PROBLEMS)).isEmpty();
        session.run("BEGIN; ALTER TABLE shop.orders DISABLE TRIGGER cdc_insert");
        assertThat(session.list(PROBLEMS)).hasSize(1);
        session.run("COMMIT");
        assertThat(session.list(PROBLEMS)).hasSize(1);
    }

    @Test
    void changes_that_are_held_back_are_found_though_the_table_has_its_name_again() throws SQLException {
        session.run(
                "BEGIN; ALTER TABLE shop.orders RENAME TO o; INSERT INTO shop.o VALUES (1, 'x', NULL, 1); ALTER TABLE shop.o RENAME TO orders; COMMIT");

        assertThat(session.list(PROBLEMS)).singleElement().asString().contains("held back");
        assertThat(session.list(PROBLEMS)).hasSize(1);
    }

    @Test
    void ordinary_work_changes_nothing_that_captures_hang_on() throws SQLException {
        session.run("""
                INSERT INTO shop.orders SELECT g, 'x', 'ok', g FROM generate_series(1, 500) AS g; INSERT INTO shop.payments VALUES (1, 1, 'ok');
                DELETE FROM shop.orders WHERE id > 100; CREATE TABLE public.more (id int); CREATE TEMP TABLE passing (id int); CREATE ROLE another;
                ALTER TYPE shop.mood ADD VALUE 'glad'; CREATE SCHEMA elsewhere""");
        session.run("VACUUM ANALYZE shop.orders");
        session.run("VACUUM ANALYZE shop.orders_cdc");

        assertThat(
                        session.value(
                                "SELECT count(*) FROM rowrelay.stream_table JOIN rowrelay.fingerprints('shop') USING (source_table, fingerprint)"))
                .isEqualTo("4");
    }

    @Test
    void a_table_that_is_dropped_is_no_problem() throws SQLException {
        session.run("DROP TABLE shop.orders");

        assertThat(session.list(PROBLEMS)).isEmpty();
    }

    @Test
    void the_producer_checks_and_notes_and_its_grants_can_be_repeated() throws SQLException {
        session.run("CREATE ROLE producer LOGIN PASSWORD 'p'; SELECT cdc_grant_stream('shop', 'producer')");
        String matching =
                "SELECT count(*) FROM rowrelay.stream_table JOIN rowrelay.fingerprints('shop') USING (source_table, fingerprint)";
        assertThat(session.value(matching)).isEqualTo("4");
        String noted =
                session.value("SELECT string_agg(fingerprint, ',' ORDER BY fingerprint) FROM rowrelay.stream_table");
        session.run("SELECT cdc_grant_stream('shop', 'producer')");
        assertThat(session.value("SELECT string_agg(fingerprint, ',' ORDER BY fingerprint) FROM rowrelay.stream_table"))
                .isEqualTo(noted);

        try (Session producer = database.connectAs("producer", "p")) {
            session.run(
                    "CREATE TABLE shop.more (id int PRIMARY KEY); ALTER TABLE shop.orders DISABLE TRIGGER cdc_insert");
            assertThat(producer.list(PROBLEMS)).hasSize(1);
            session.run("ALTER TABLE shop.orders ENABLE ALWAYS TRIGGER cdc_insert");
            producer.run("BEGIN READ ONLY");
            assertThat(producer.list(PROBLEMS)).isEmpty();
            producer.run("COMMIT");
            assertThat(producer.list(PROBLEMS)).isEmpty();
            assertThat(producer.value(matching)).isEqualTo("4");
            assertThat(producer.list(
                            "SELECT source_table FROM rowrelay.stream_candidates('shop') WHERE problem IS NULL"))
                    .containsExactly("shop.more");
        }
    }

    @Test
    void the_producer_lets_a_new_table_in_whose_owner_is_trusted_with_the_stream() throws SQLException {
        session.run("""
                CREATE ROLE producer LOGIN PASSWORD 'p'; CREATE ROLE other LOGIN PASSWORD 'o'; SELECT cdc_grant_stream('shop', 'producer');
                CREATE TABLE shop.first (id int PRIMARY KEY); CREATE TABLE shop.second (id int); CREATE UNLOGGED TABLE shop.third (id int);
                CREATE TABLE shop.fourth (id int PRIMARY KEY); ALTER TABLE shop.fourth OWNER TO keeper;
                CREATE TABLE shop.first_cdc (id int); ALTER TABLE shop.first_cdc OWNER TO keeper""");
        String capture = "SELECT concat_ws(': ', source_table, problem) FROM rowrelay.capture_new_table('shop')";

        try (Session producer = database.connectAs("producer", "p");
                Session other = database.connectAs("other", "o")) {
            assertThat(producer.list(capture))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("shop.first: ", "shop.first_cdc"),
                            second -> assertThat(second).isEqualTo("shop.second"));
            session.run("DROP TABLE shop.first_cdc");
            assertThat(producer.list(capture)).containsExactly("shop.first");
            assertThat(producer.list(capture))
                    .as("another owner's, and one that cannot be captured")
                    .isEmpty();
            session.run("INSERT INTO shop.first VALUES (1)");
            assertThat(producer.list("SELECT action FROM shop.first_cdc")).containsExactly("INSERT");
            assertThat(producer.list(PROBLEMS)).isEmpty();
            assertThatThrownBy(() -> other.run(capture)).hasMessageContaining("permission denied");
            session.run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA rowrelay TO other");
            assertThatThrownBy(() -> other.run(capture)).hasMessageContaining("other does not produce stream shop");
        }
    }
}
