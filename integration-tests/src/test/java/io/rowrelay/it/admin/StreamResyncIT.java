package io.rowrelay.it.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code resync} of a stream of several tables, with both daemons. */
@Timeout(120)
class StreamResyncIT {
    private final Pipeline pipeline = Pipeline.create();
    private final String stream = pipeline.topic();

    @BeforeEach
    void prepare() {
        pipeline.with("STREAM", stream);
        for (String url : List.of(pipeline.sourceUrl(), pipeline.destinationUrl())) {
            Databases.execute(
                    url,
                    "CREATE TABLE parent (id integer PRIMARY KEY, name text UNIQUE)",
                    "CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent ON DELETE CASCADE)");
        }
        Databases.execute(pipeline.sourceUrl(), "SELECT cdc_stream('" + stream + "', 'public.parent', 'public.child')");
        Databases.execute(
                pipeline.destinationUrl(), "SELECT cdc_destination_stream('" + stream + "', 'parent', 'child')");
        pipeline.startProducer();
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void passes_over_windows_that_the_cut_topic_has_lost_and_sends_the_rows_that_differ() {
        RunningDaemon first = pipeline.startConsumer();
        write("INSERT INTO parent VALUES (1, 'one'), (2, 'two')", "INSERT INTO child VALUES (1, 1), (2, 2)");
        awaitEqual();
        first.close();
        write("UPDATE parent SET name = 'three' WHERE id = 1", "DELETE FROM parent WHERE id = 2");
        await().atMost(Pipeline.PATIENCE).until(() -> records("parent") == 4 && records("child") == 3);
        Topics.empty(pipeline.bootstrapServers(), stream + ".cuts");
        write("INSERT INTO parent VALUES (4, 'four')");
        RunningDaemon second = pipeline.startConsumer();
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(second.reason()).contains("windows are missing", "resync"));

        assertThat(admin("resync", "--dry-run")).contains("would take window").contains("nothing was done");
        assertThat(admin("resync")).contains("counts as applied now", "equal: no row differs");

        write("INSERT INTO child VALUES (4, 4)");
        awaitEqual();
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT name FROM parent ORDER BY id"))
                .containsExactly("three", "four");
        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT broken_since FROM cdc_applied"))
                .containsExactly("null");
        await().atMost(Pipeline.PATIENCE).until(second::isReady);
    }

    @Test
    void a_state_that_lacks_a_rejected_change_is_whole_again_when_all_tables_are_equal() {
        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE child ADD CONSTRAINT small CHECK (id < 10)");
        pipeline.startConsumer();
        write("INSERT INTO parent VALUES (1, 'one')", "INSERT INTO child VALUES (1, 1), (10, 1)");
        await().atMost(Pipeline.PATIENCE)
                .until(() -> !Databases.query(
                                pipeline.destinationUrl(), "SELECT 1 FROM cdc_applied WHERE broken_since IS NOT NULL")
                        .isEmpty());
        assertThat(AdminRun.expecting(3, pipeline.environment(), "verify").said())
                .contains("a change is missing since");

        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE child DROP CONSTRAINT small");
        assertThat(admin("verify", "--repair", "--table", "public.child")).contains("the destination may show states");
        assertThat(admin("verify")).contains("shows states of the source again");

        assertThat(Databases.query(pipeline.destinationUrl(), "SELECT broken_since FROM cdc_applied"))
                .containsExactly("null");
        assertThat(admin("verify")).doesNotContain("missing since");
    }

    private int records(String table) {
        return Topics.read(pipeline.bootstrapServers(), stream + ".public." + table)
                .size();
    }

    private void write(String... statements) {
        Databases.execute(pipeline.sourceUrl(), statements);
    }

    private void awaitEqual() {
        for (String table : List.of("parent", "child")) {
            String all = "SELECT t::text FROM " + table + " t ORDER BY 1";
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(Databases.query(pipeline.destinationUrl(), all))
                            .isEqualTo(Databases.query(pipeline.sourceUrl(), all)));
        }
    }

    private String admin(String... words) {
        return AdminRun.expecting(0, pipeline.environment(), words).said();
    }
}
