package io.rowrelay.it.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator does to a stream of several tables while both daemons run. */
@Timeout(120)
class StreamOperationsIT {
    private static final String NOTES =
            "INSERT INTO note SELECT n %% 7, '2026-01-01'::date + n FROM generate_series(%d, %d) n";

    private final Pipeline pipeline = Pipeline.create();
    private final String stream = pipeline.topic();
    private RunningDaemon producer;
    private RunningDaemon consumer;

    @BeforeEach
    void prepare() {
        pipeline.with("STREAM", stream);
        for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
            Databases.execute(
                    url,
                    "CREATE TABLE parent (id serial PRIMARY KEY, name text UNIQUE)",
                    "CREATE TABLE child (id integer, line integer, amount integer, PRIMARY KEY (id, line))",
                    "CREATE TABLE note (text text, at date)",
                    NOTES.formatted(1, 300));
        }
        Databases.execute(
                pipeline.sourceUrl(),
                "SELECT cdc_stream('" + stream + "', 'public.parent', 'public.child', 'public.note')");
        Databases.execute(
                pipeline.destinationUrl(),
                "SELECT cdc_destination_stream('" + stream + "', 'parent', 'child', 'note')");
        producer = pipeline.startProducer();
        consumer = pipeline.startConsumer();
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void replay_sends_what_the_row_is_now_and_verify_then_finds_the_destination_whole() {
        Databases.execute(
                pipeline.destinationUrl(),
                "ALTER TABLE child ADD CONSTRAINT small CHECK (amount < 10)",
                "ALTER TABLE note ADD CONSTRAINT short CHECK (length(text) < 10)");
        write(
                "INSERT INTO child VALUES (1, 1, 1), (1, 2, 99), (1, 3, 99)",
                "INSERT INTO note VALUES ('much too long', '2026-01-01')");
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(admin(4, "dlq", "list")).contains("total=3 open=3"));
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(admin(0, "status"))
                        .containsPattern("public.child +0 +3 +0 +2")
                        .containsPattern("public.note +0 +1 +0 +1")
                        .containsPattern("total +0 +4 +0 +3"));

        assertThat(admin(0, "dlq", "show", "--key", "[1, 2]"))
                .contains("the present state of its row is sent")
                .contains("destination: no such row")
                .containsPattern("amount +99 +- +99");
        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE child DROP CONSTRAINT small");
        write("UPDATE child SET amount = 5 WHERE line = 2", "DELETE FROM child WHERE line = 3");
        assertThat(admin(0, "dlq", "replay", "--dry-run")).contains("would be sent=3");

        assertThat(admin(4, "dlq", "replay"))
                .contains("public.note has no key: how often each of its rows is there is compared")
                .contains("sent=3 superseded=0 not_sent=0", "but 1 dead letters came meanwhile");
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT line || ' ' || amount FROM child ORDER BY 1"))
                .containsExactly("1 1", "2 5");

        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE note DROP CONSTRAINT short");
        assertThat(admin(0, "dlq", "replay"))
                .contains("sent=1", "everything that was sent has arrived", "verify says when that is over");
        assertThat(rows("note")).contains("(\"much too long\",2026-01-01)").hasSize(301);
        assertThat(admin(0, "verify")).contains("the destination shows states of the source again");
    }

    @Test
    void a_paused_table_is_left_out_and_named_until_resume_has_sent_what_differs() {
        write("INSERT INTO parent VALUES (1, 'one'), (2, 'two')", "INSERT INTO child VALUES (1, 1, 1)");
        awaitRows("parent", "(1,one)", "(2,two)");

        assertThat(admin(0, "pause", "--table", "parent", "--by", "night shift"))
                .contains("paused: public.parent; the consumer leaves their changes out");
        write(
                "UPDATE parent SET name = 'three' WHERE id = 1",
                "DELETE FROM parent WHERE id = 2",
                "INSERT INTO child VALUES (1, 2, 2)");
        awaitRows("child", "(1,1,1)", "(1,2,2)");
        assertThat(rows("parent")).containsExactly("(1,one)", "(2,two)");

        pipeline.startConsumer();
        assertThat(admin(0, "status")).contains("PAUSED        public.parent by night shift", "BROKEN");
        assertThat(admin(3, "verify")).contains("public.parent: not compared: it is paused", "is missing since");
        assertThat(admin(1, "backfill")).contains("public.parent is paused");
        assertThat(admin(0, "resume", "--table", "PARENT"))
                .contains(
                        "public.parent: changes are applied again", "the destination shows states of the source again");

        assertThat(rows("parent")).containsExactly("(1,three)");
        assertThat(admin(0, "status")).doesNotContain("PAUSED", "BROKEN");
        write("INSERT INTO parent VALUES (4, 'four')");
        awaitRows("parent", "(1,three)", "(4,four)");
    }

    @Test
    void rows_without_a_key_are_counted_and_sent_as_often_as_they_are_missing_while_they_change() throws Exception {
        Databases.execute(
                pipeline.destinationUrl(),
                "DELETE FROM note WHERE text = '3'",
                NOTES.formatted(299, 300),
                "INSERT INTO note VALUES (NULL, NULL)");
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                write(
                        "INSERT INTO note VALUES ('new', NULL), ('old', NULL)",
                        "UPDATE note SET text = 'newer' WHERE text = 'new'",
                        "DELETE FROM note WHERE text = 'old'");
            }
        });
        try {
            assertThat(admin(3, "verify", "--table", "note"))
                    .contains("found: missing=43 extra=3 different=0", "missing   rows without a key=43");

            assertThat(admin(0, "backfill", "--table", "note")).contains("public.note: 43 of ");
            assertThat(admin(3, "verify", "--table", "note")).contains("found: missing=0 extra=3 different=0");
            assertThat(admin(0, "verify", "--table", "note", "--repair")).contains("repaired:");
            assertThat(admin(0, "verify", "--table", "note")).contains("equal: no row differs");
        } finally {
            stop.set(true);
        }
        writing.join();
        assertThat(admin(0, "verify")).contains("equal: no row differs");
        assertThat(rows("note"))
                .isEqualTo(Databases.query(pipeline.sourceUrl(), "SELECT t::text FROM note t ORDER BY 1"));
    }

    @Test
    void cutover_sets_the_sequences_of_all_tables_and_says_what_is_lacking() {
        for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
            Databases.execute(
                    url,
                    "ALTER TABLE child ADD CONSTRAINT of_parent FOREIGN KEY (id) REFERENCES parent ON DELETE CASCADE");
        }
        Databases.execute(
                pipeline.destinationUrl(), "SELECT cdc_destination_stream('" + stream + "', 'parent', 'child')");
        write(
                "INSERT INTO parent (name) VALUES ('one'), ('two')",
                "INSERT INTO child VALUES (1, 1, 1)",
                "CREATE INDEX note_at ON note (at)");

        assertThat(admin(0, "cutover"))
                .contains("sequence: public.parent_id_seq set to 2")
                .contains(
                        "CREATE INDEX note_at ON public.note USING btree (at)",
                        "READY: the destination has everything but")
                .doesNotContain("of_parent");
        assertThat(rows("child")).containsExactly("(1,1,1)");
        Databases.execute(
                pipeline.destinationUrl(),
                "INSERT INTO parent (name) VALUES ('three')",
                "UPDATE cdc_applied SET broken_since = now()");
        assertThat(rows("parent")).contains("(3,three)");
        assertThat(admin(3, "cutover")).contains("problem: a change is missing since", "NOT ready");
    }

    @Test
    void reanchor_lets_a_restored_source_go_on_and_resync_then_makes_both_equal() {
        write("INSERT INTO parent VALUES (1, 'one'), (2, 'two')");
        awaitRows("parent", "(1,one)", "(2,two)");
        assertThat(admin(1, "reanchor")).contains("a producer of the stream is active");
        producer.close();
        assertThat(admin(1, "reanchor")).contains("a consumer of the stream is active");
        consumer.close();
        // Another cluster with later transactions has written what the checkpoint, the topics and the destination say.
        Databases.execute(
                pipeline.sourceUrl(), "UPDATE cdc_offset SET system_identifier = 7, highest_action_id = 5000");
        Databases.execute(
                pipeline.destinationUrl(),
                "UPDATE cdc_applied SET snapshot = '9000000:9000000:', source_identifier = 7",
                "DELETE FROM parent WHERE id = 1");
        write("INSERT INTO parent VALUES (3, 'three')");

        assertThat(admin(0, "reanchor", "--dry-run")).contains("would be done: empty 3 change tables");
        assertThat(admin(0, "reanchor")).contains("anchored: action_ids go on after 1005000", "resync");

        pipeline.startProducer();
        pipeline.startConsumer();
        write("UPDATE parent SET name = 'four' WHERE id = 2");
        assertThat(admin(0, "resync")).contains("equal: no row differs", "shows states of the source again");
        assertThat(rows("parent")).containsExactly("(1,one)", "(2,four)", "(3,three)");
        write("DELETE FROM parent WHERE id = 3");
        awaitRows("parent", "(1,one)", "(2,four)");
    }

    private void awaitRows(String table, String... rows) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(rows(table)).containsExactly(rows));
    }

    private List<String> rows(String table) {
        return Databases.query(pipeline.destinationUrl(), "SELECT t::text FROM " + table + " t ORDER BY 1");
    }

    private void write(String... statements) {
        Databases.execute(pipeline.sourceUrl(), statements);
    }

    private String admin(int exitCode, String... words) {
        return AdminRun.expecting(exitCode, pipeline.environment(), words).said();
    }
}
