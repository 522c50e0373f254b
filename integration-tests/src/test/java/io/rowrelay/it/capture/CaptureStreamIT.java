package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** cdc_stream captures the tables that patterns name into one stream. */
class CaptureStreamIT {
    private static final String TABLES = """
            CREATE SCHEMA shop;
            CREATE TABLE shop.customers (id int PRIMARY KEY, name text);
            CREATE TABLE shop.orders (id int PRIMARY KEY, customer int REFERENCES shop.customers);
            CREATE TABLE shop.audit_log (id int PRIMARY KEY);""";

    private SourceDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = SourceDatabase.create();
        session = database.session();
        session.run(TABLES);
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void changes_of_all_tables_have_one_order() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.*', '!shop.audit_*')");

        session.run("""
                INSERT INTO shop.customers VALUES (1, 'a'), (2, 'b'); INSERT INTO shop.orders VALUES (1, 2);
                UPDATE shop.customers SET name = 'c'; INSERT INTO shop.audit_log VALUES (1)""");

        assertThat(session.list("""
                SELECT concat_ws(' ', action_id, action) FROM
                    (SELECT action_id, action || ' customer' AS action FROM shop.customers_cdc
                     UNION ALL SELECT action_id, action || ' order' FROM shop.orders_cdc) AS c ORDER BY action_id"""))
                .containsExactly(
                        "1 INSERT customer",
                        "2 INSERT customer",
                        "3 INSERT order",
                        "4 UPDATE customer",
                        "5 UPDATE customer");
        assertThat(session.list("SELECT concat_ws(' ', source_table, change_table, topic) FROM cdc_stream('shop')"))
                .containsExactly(
                        "shop.customers shop.customers_cdc shop.shop.customers",
                        "shop.orders shop.orders_cdc shop.shop.orders");
        assertSound();
    }

    /** A producer of hundreds of tables looks at those only. */
    @Test
    void a_sequence_of_each_table_tells_that_it_has_got_changes() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.*')");
        session.run(
                "INSERT INTO shop.customers VALUES (1, 'a'), (2, 'b'); INSERT INTO shop.orders_cdc (id, action) VALUES (1, 'UPDATE')");

        assertThat(session.list("""
                SELECT concat_ws(' ', t.source_table, pg_sequence_last_value(s.sequence))
                FROM rowrelay.stream_table AS t, rowrelay.sequences(t.change_table) AS s WHERE s.kind = 'a' ORDER BY t.topic""")).containsExactly("shop.audit_log", "shop.customers 2", "shop.orders 1");
    }

    @Test
    void finds_tables_that_are_new_when_it_is_called_again() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.*', '!shop.audit_*')");
        session.run(
                "CREATE TABLE shop.returns (id int PRIMARY KEY); CREATE TABLE shop.audit_more (id int PRIMARY KEY)");

        assertThat(session.list("SELECT source_table FROM cdc_stream('shop')"))
                .containsExactly("shop.customers", "shop.orders", "shop.returns");
    }

    /** As the admin's commands do it, each in a transaction of its own. */
    @Test
    void tables_can_be_captured_one_by_one() throws SQLException {
        session.run(
                "CREATE UNLOGGED TABLE shop.fast (id int PRIMARY KEY); SELECT rowrelay.name_tables('shop', '{shop.*,!shop.audit_*}')");
        assertThat(session.list(
                        "SELECT concat_ws(': ', source_table, problem) FROM rowrelay.stream_candidates('shop')"))
                .satisfiesExactly(
                        customers -> assertThat(customers).isEqualTo("shop.customers"),
                        fast -> assertThat(fast).contains("shop.fast: shop.fast is unlogged"),
                        orders -> assertThat(orders).isEqualTo("shop.orders"));

        session.run("BEGIN; SELECT rowrelay.capture_into('shop', 'shop.orders')");
        assertThat(
                        session.list(
                                "SELECT DISTINCT relation::regclass FROM pg_locks WHERE mode = 'ShareRowExclusiveLock' AND relation::regclass::text NOT LIKE '%cdc%'"))
                .containsExactly("shop.orders");
        session.run("COMMIT; SELECT rowrelay.capture_into('shop', 'shop.orders')");

        assertThat(session.list("SELECT source_table FROM rowrelay.stream_candidates('shop')"))
                .containsExactly("shop.customers", "shop.fast");
        assertThatThrownBy(() -> session.run("SELECT rowrelay.capture_into('shop', 'shop.fast')"))
                .hasMessageContaining("shop.fast is unlogged");
        assertThatThrownBy(() -> session.run("SELECT rowrelay.capture_into('other', 'shop.customers')"))
                .hasMessageContaining("There is no stream other");
        assertSound();
    }

    @Test
    void a_star_finds_no_table_but_those_of_the_user() throws SQLException {
        session.run("""
                CREATE TABLE of_extension (id int PRIMARY KEY);
                INSERT INTO pg_depend SELECT 'pg_class'::regclass, 'of_extension'::regclass, 0, 'pg_extension'::regclass, oid, 0, 'e'
                FROM pg_extension LIMIT 1;
                CREATE TEMP TABLE passing (id int PRIMARY KEY); CREATE VIEW seen AS SELECT 1;
                CREATE TABLE "under_score" (id int PRIMARY KEY); CREATE TABLE "underXscore" (id int PRIMARY KEY);
                SELECT cdc_uncapture('employees')""");

        assertThat(session.list("SELECT source_table FROM cdc_stream('all', '*.*', '!public.under_score', '!shop.*')"))
                .containsExactly("employees", "\"underXscore\"");
    }

    @Test
    void a_table_that_cannot_be_captured_is_named_and_hinders_no_other() throws SQLException {
        session.run("CREATE UNLOGGED TABLE shop.fast (id int PRIMARY KEY)");

        assertThat(session.list("SELECT problem FROM cdc_stream('shop', 'shop.*') WHERE change_table IS NULL"))
                .singleElement()
                .asString()
                .contains("shop.fast is unlogged");
        assertThat(session.list("SELECT source_table FROM cdc_stream('shop') WHERE problem IS NULL"))
                .containsExactly("shop.audit_log", "shop.customers", "shop.orders");

        session.run("ALTER TABLE shop.fast SET LOGGED; DROP TABLE shop.orders, shop.orders_cdc");
        assertThat(session.list("SELECT source_table FROM cdc_stream('shop') WHERE problem IS NULL"))
                .containsExactly("shop.audit_log", "shop.customers", "shop.fast");
    }

    @Test
    void a_change_table_that_is_gone_is_made_again_for_the_stream() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.*'); DROP TABLE shop.customers_cdc, shop.orders_cdc");

        session.run("SELECT cdc_capture('shop.customers', 'shop.customers_cdc'); SELECT cdc_stream('shop')");

        session.run("INSERT INTO shop.customers VALUES (1, 'a'); INSERT INTO shop.orders VALUES (1, 1)");
        assertThat(session.list(
                        "SELECT action_id FROM shop.customers_cdc UNION ALL SELECT action_id FROM shop.orders_cdc"))
                .containsExactly("1", "2");
        assertSound();
    }

    @Test
    void a_token_is_the_transaction_that_the_changes_carry() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.orders')");

        session.run("BEGIN; INSERT INTO shop.orders VALUES (1)");
        String token = session.value("SELECT cdc_token()");
        session.run("COMMIT");

        assertThat(session.value("SELECT xid FROM shop.orders_cdc")).isEqualTo(token);
        assertThat(Long.parseLong(session.value("SELECT cdc_token()"))).isGreaterThan(Long.parseLong(token));
    }

    @Test
    void a_table_is_in_one_stream() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.orders')");

        assertThat(session.list("SELECT problem FROM cdc_stream('other', 'shop.*') WHERE problem IS NOT NULL"))
                .containsExactly("shop.orders is captured into stream shop. A table is in one stream.");
        assertThatThrownBy(() -> session.run("SELECT cdc_stream('other', 'public.employees')"))
                .hasMessageContaining("calls public.emp_cdc_");
        session.run("SELECT cdc_uncapture('shop.orders'); DROP TABLE shop.orders_cdc");
        assertThat(session.list("SELECT source_table FROM cdc_stream('other', 'shop.orders') WHERE problem IS NULL"))
                .contains("shop.orders");
    }

    @Test
    void a_change_table_of_one_stream_is_not_taken_for_another() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.orders'); SELECT cdc_uncapture('shop.orders')");

        assertThatThrownBy(() -> session.run("SELECT cdc_stream('other', 'shop.orders')"))
                .hasMessageContaining(
                        "takes its action_ids from rowrelay.shop_action_id, not from rowrelay.other_action_id");
    }

    @ParameterizedTest
    @CsvSource({
        "a b, shop.*, cannot be the name of a stream",
        "'', shop.*, cannot be the name of a stream",
        "shop, orders, not a pattern of tables: orders",
        "shop, !!shop.orders, not a pattern of tables: !!shop.orders"
    })
    void says_what_a_stream_and_a_pattern_may_be(String stream, String pattern, String message) {
        assertThatThrownBy(() -> session.run("SELECT cdc_stream('" + stream + "', '" + pattern + "')"))
                .hasMessageContaining(message);
    }

    /** Streams may have dots in their names. */
    @Test
    void no_topic_of_a_table_is_that_of_the_cuts_or_dead_letters_of_another_stream() throws SQLException {
        session.run(
                "CREATE SCHEMA odd; CREATE TABLE odd.cuts (id int PRIMARY KEY); CREATE TABLE odd.dlq (id int PRIMARY KEY)");

        assertThat(session.list("SELECT topic FROM cdc_stream('s', 'odd.*')"))
                .hasSize(2)
                .doesNotContain("s.odd.cuts", "s.odd.dlq");
    }

    @Test
    void tables_with_awkward_names_have_topics_that_kafka_takes() throws SQLException {
        String longest = "x".repeat(63);
        session.run("""
                CREATE SCHEMA odd; CREATE TABLE odd."a b" (id int PRIMARY KEY); CREATE TABLE odd."a?b" (id int PRIMARY KEY);
                CREATE TABLE odd.""" + longest + " (id int PRIMARY KEY); CREATE TABLE odd." + longest.replace("xxx", "äö")
                + " (id int PRIMARY KEY)");

        assertThat(session.list("SELECT topic FROM cdc_stream('s', 'odd.*')"))
                .hasSize(4)
                .doesNotHaveDuplicates()
                .allMatch(topic -> topic.matches("s\\.odd\\.[a-zA-Z0-9._-]+"));
        session.run("INSERT INTO odd." + longest + " VALUES (1)");
        assertSound();
    }

    @Test
    void finds_and_repairs_what_would_let_ids_come_from_elsewhere() throws SQLException {
        session.run("SELECT cdc_stream('shop', 'shop.orders')");
        session.run("ALTER TABLE shop.orders_cdc ALTER action_id SET DEFAULT nextval('rowrelay.shop_action_id')");
        assertThat(session.list("SELECT problem FROM cdc_check('shop.orders', 'shop.orders_cdc')"))
                .singleElement()
                .asString()
                .contains("column action_id of shop.orders_cdc has not the default");

        session.run(
                "SELECT cdc_capture('shop.orders', 'shop.orders_cdc'); ALTER SEQUENCE rowrelay.shop_action_id CACHE 5;"
                        + " ALTER SEQUENCE shop.orders_cdc_written MAXVALUE 3");
        assertThat(session.list("SELECT problem FROM cdc_check('shop.orders', 'shop.orders_cdc')"))
                .satisfiesExactlyInAnyOrder(
                        shared -> assertThat(shared).contains("CACHE 5"),
                        own -> assertThat(own).contains("does not count upwards only"));

        session.run("SELECT cdc_capture('shop.orders', 'shop.orders_cdc')");
        assertSound();
        session.run("ALTER TABLE shop.orders_cdc ALTER action_id DROP DEFAULT");
        assertThat(session.list("SELECT problem FROM cdc_check('shop.orders', 'shop.orders_cdc')"))
                .singleElement()
                .asString()
                .contains("no permanent table with an action_id from a sequence as its primary key");
    }

    @Test
    void tables_of_another_owner_take_their_ids_from_the_streams_sequence_too() throws SQLException {
        session.run(
                "CREATE ROLE keeper; GRANT ALL ON SCHEMA shop TO keeper; ALTER TABLE shop.customers OWNER TO keeper");
        session.run("SELECT cdc_stream('shop', 'shop.*')");
        session.run("SET ROLE keeper; INSERT INTO shop.customers VALUES (1, 'a'); RESET ROLE");
        assertSound();

        session.run("REVOKE USAGE ON SEQUENCE rowrelay.shop_action_id FROM keeper");

        assertThat(session.list("SELECT problem FROM cdc_check('shop.customers', 'shop.customers_cdc')"))
                .containsExactly(
                        "keeper may not use rowrelay.shop_action_id, so that every write of shop.customers fails");
    }

    @Test
    void grants_a_producer_what_it_needs_of_all_tables() throws SQLException {
        session.run(
                "CREATE ROLE producer LOGIN PASSWORD 'p'; SELECT cdc_stream('shop', 'shop.*'); SELECT cdc_grant_stream('shop', 'producer')");

        try (Session producer = database.connectAs("producer", "p")) {
            producer.run("""
                    SELECT pg_sequence_last_value(s.sequence) FROM rowrelay.stream_table AS t, rowrelay.sequences(t.change_table) AS s;
                    SELECT action_ids FROM rowrelay.stream; SELECT * FROM shop.orders_cdc; DELETE FROM shop.customers_cdc;
                    SELECT cdc_check('shop.orders', 'shop.orders_cdc')""");
            assertThatThrownBy(() -> producer.run("UPDATE rowrelay.stream_table SET topic = 'x'"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> producer.run("SELECT cdc_stream('shop')"))
                    .hasMessageContaining("permission denied");
        }
        assertSound();
    }

    private void assertSound() throws SQLException {
        assertThat(session.list("""
                SELECT c.problem FROM rowrelay.stream_table AS t,
                    LATERAL (SELECT problem FROM cdc_check(t.source_table::text, t.change_table::text)) AS c""")).isEmpty();
    }
}
