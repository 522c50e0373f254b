package io.rowrelay.it.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Backend;
import io.rowrelay.it.stack.Databases;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands over all tables of a stream, without its daemons: what they would have applied is put into cdc_applied. */
class StreamCommandsIT {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "stream_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    private final String source = Backend.running().sourceUrl(name);
    private final String destination = Backend.running().destinationUrl(name);
    private final Map<String, String> environment = Map.of(
            "SOURCE_DB_URL",
            source,
            "DESTINATION_DB_URL",
            destination,
            "KAFKA_BOOTSTRAP_SERVERS",
            Backend.running().bootstrapServers(),
            "STREAM",
            name);

    @BeforeEach
    void open() {
        for (String server : servers()) {
            Databases.execute(server, "CREATE DATABASE " + name + " TEMPLATE template0");
        }
        Databases.execute(
                source,
                "CREATE SCHEMA shop; CREATE TABLE shop.z_parent (id int PRIMARY KEY, t text);"
                        + " CREATE TABLE shop.a_child (id int PRIMARY KEY, parent int REFERENCES shop.z_parent);"
                        + " INSERT INTO shop.z_parent SELECT n, 'a' FROM generate_series(1, 30) n;"
                        + " INSERT INTO shop.a_child SELECT n, n FROM generate_series(1, 20) n");
        expect(0, "init", "--tables", "shop.*");
    }

    @AfterEach
    void close() {
        servers().forEach(server -> Databases.execute(server, "DROP DATABASE " + name + " (FORCE)"));
    }

    @Test
    void backfill_writes_the_rows_of_all_tables_and_parents_before_their_children() {
        String result =
                expect(0, "backfill", "--no-wait", "--chunk", "7", "--json").output();

        assertThat(result).contains("\"tables\":2", "\"rows\":50", "\"written\":50", "\"resumed\":false");
        assertThat(
                        Databases.query(
                                source,
                                "SELECT (SELECT count(DISTINCT id) = 30 AND bool_and(action = 'UPDATE') FROM shop.z_parent_cdc)"
                                        + " AND (SELECT max(action_id) FROM shop.z_parent_cdc) < (SELECT min(action_id) FROM shop.a_child_cdc)"))
                .containsExactly("t");
        assertThat(Databases.query(source, "SELECT count(*) FROM cdc_backfill")).containsExactly("0");
    }

    @Test
    void backfill_goes_on_with_the_table_that_it_was_at_and_takes_chosen_tables_only() {
        Databases.execute(
                source,
                "INSERT INTO cdc_backfill (stream, condition, last_key, rows_done, rows_written, dead_letters) VALUES ('"
                        + name
                        + "', 'all tables', '{shop.z_parent}', 30, 30, 0), ('" + name
                        + "/shop.a_child', 'all tables', '{15}', 15, 15, 0)");

        String resumed = expect(0, "backfill", "--no-wait").output();
        assertThat(resumed)
                .contains(
                        "going on where a backfill was ended: 1 tables are done", "written: 50 of 50 rows of 2 tables");
        assertThat(Databases.query(source, "SELECT id FROM shop.a_child_cdc ORDER BY action_id"))
                .containsExactly("16", "17", "18", "19", "20");

        expect(0, "backfill", "--no-wait", "--table", "shop.z_parent", "--where", "id < 4");
        assertThat(Databases.query(source, "SELECT id FROM shop.z_parent_cdc ORDER BY action_id"))
                .containsExactly("1", "2", "3");
        assertThat(expect(1, "backfill", "--no-wait", "--table", "z_parnet").errors())
                .contains(
                        "the stream has no table z_parnet; did you mean shop.z_parent?", "shop.a_child, shop.z_parent");
        assertThat(expect(1, "backfill", "--no-wait", "--where", "true").errors())
                .contains("name that with --table");
    }

    @Test
    void verify_compares_all_tables_and_repair_sends_what_differs() {
        Databases.execute(
                destination,
                "SET session_replication_role = replica; INSERT INTO shop.z_parent SELECT n, 'a' FROM generate_series(1, 30) n;"
                        + " INSERT INTO shop.a_child SELECT n, n FROM generate_series(2, 21) n;"
                        + " UPDATE shop.z_parent SET t = 'b' WHERE id = 7");
        applied();

        AdminRun found = expect(3, "verify");

        assertThat(found.output())
                .contains(
                        "shop.a_child: found: missing=1 extra=1 different=0",
                        "shop.z_parent: found: missing=0 extra=0 different=1")
                .contains("compared: rows=50");
        assertThat(expect(3, "verify", "--json", "--repair", "--yes").output())
                .contains("\"table\":\"shop.a_child\"", "\"missing\":1", "\"equal\":false");
        assertThat(
                        Databases.query(
                                source,
                                "SELECT action || id FROM shop.a_child_cdc UNION ALL SELECT action || id FROM shop.z_parent_cdc ORDER BY 1"))
                .containsExactly("DELETE21", "UPDATE1", "UPDATE7");

        Databases.execute(destination, "UPDATE shop.z_parent SET t = 'a' WHERE id = 7");
        assertThat(expect(0, "verify", "--table", "shop.z_parent").output()).contains("equal: no row differs");
    }

    @Test
    void status_has_a_line_for_each_table_and_the_applied_cut() {
        assertThat(expect(0, "status").output())
                .contains(", 2 tables", "applied       nothing yet", "producer      none is active", "shop.a_child")
                .containsPattern("total +0 +0 +0 +0");

        applied();
        Databases.execute(destination, "UPDATE cdc_applied SET broken_since = now()");

        assertThat(expect(0, "status", "--table", "shop.z_parent").output())
                .contains("window 3:17: the source's state of", "BROKEN", "shop.z_parent")
                .doesNotContain("shop.a_child");
        assertThat(expect(0, "status", "--json").output())
                .contains(
                        "\"window\":\"3:17\"", "\"table\":\"shop.a_child\"", "\"dead_letters\":0", "\"complete\":true");
    }

    @Test
    void doctor_checks_each_table() {
        String sound = expect(3, "doctor").output();
        assertThat(sound)
                .contains("capture-is-sound: sound for 2 tables", "destination-columns: sound for 2 tables")
                .contains("producer-missing");

        Databases.execute(source, "ALTER TABLE shop.a_child DISABLE TRIGGER cdc_update");
        Databases.execute(destination, "DROP TABLE shop.z_parent CASCADE");

        assertThat(expect(3, "doctor").output())
                .contains("trigger-disabled", "cdc_update of shop.a_child", "there is no table shop.z_parent");
        assertThat(expect(3, "doctor", "--table", "shop.z_parent").output()).doesNotContain("shop.a_child");
    }

    @Test
    void replay_with_nothing_to_do_and_list_name_the_topic() {
        assertThat(expect(0, "dlq", "replay").output()).contains("sent=0");
        assertThat(expect(0, "dlq", "list").output()).contains(name + ".dlq");
    }

    @Test
    void uninstall_removes_the_stream_and_names_all_its_topics() {
        Databases.execute(destination, "INSERT INTO cdc_applied (stream) VALUES ('another')");

        assertThat(expect(0, "uninstall", "--yes").output())
                .contains(name + ".shop.a_child", name + ".dlq", name + ".cuts");

        assertThat(Databases.query(destination, "SELECT stream FROM cdc_applied"))
                .containsExactly("another");
        assertThat(Databases.query(source, "SELECT to_regclass('shop.a_child_cdc')::text"))
                .containsExactly("null");
    }

    /** As if everything had come over. */
    private void applied() {
        Databases.execute(
                destination,
                "UPDATE cdc_applied SET snapshot = '9000000:9000000:', epoch = 3, number = 17, taken_at = now(), applied_at = now()");
    }

    private AdminRun expect(int exitCode, String... words) {
        return AdminRun.expecting(exitCode, environment, words);
    }

    private static List<String> servers() {
        return List.of(
                Backend.running().sourceUrl("postgres"), Backend.running().destinationUrl("postgres"));
    }
}
