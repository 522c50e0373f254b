package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table of the source is renamed or altered while its changes flow. */
@Timeout(300)
class AlteredSourceIT {
    private static final String ROWS = "SELECT ROW(id, v)::text FROM t ORDER BY id";

    private static Pipeline pipeline(String columns) {
        Pipeline pipeline = Pipeline.create()
                .with("STREAM", "t")
                .with("SOURCE_TABLE", "t")
                .with("DESTINATION_TABLE", "t")
                .with("CHANGE_TABLE", "t_cdc")
                .with("RECORD_SCHEMA", "none");
        execute(pipeline.sourceUrl(), "CREATE TABLE t (" + columns + ")", "SELECT cdc_capture('t', 't_cdc')");
        execute(pipeline.destinationUrl(), "CREATE TABLE t (" + columns + ")", "SELECT cdc_destination('t')");
        return pipeline;
    }

    @Test
    void what_is_done_to_a_retired_table_is_not_done_to_the_one_that_took_its_name() throws Exception {
        try (Pipeline pipeline = pipeline("id int PRIMARY KEY, v text")) {
            RunningDaemon producer = pipeline.startProducer();
            pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 20) n");
            pipeline.awaitEqual("t");

            execute(
                    pipeline.sourceUrl(),
                    "CREATE TABLE t_new (LIKE t INCLUDING ALL)",
                    "INSERT INTO t_new SELECT * FROM t",
                    "BEGIN; ALTER TABLE t RENAME TO t_old; ALTER TABLE t_new RENAME TO t; COMMIT",
                    "UPDATE t_old SET v = 'stale'; TRUNCATE t_old");
            await().atMost(Pipeline.PATIENCE).until(() -> !producer.isReady());

            assertThat(producer.reason())
                    .contains("public.t_cdc holds the changes of public.t_old, and public.t is another table")
                    .contains("cdc_uncapture('public.t_old')");
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS))
                    .hasSize(20)
                    .allMatch(row -> row.contains("x"));

            execute(
                    pipeline.sourceUrl(),
                    "SELECT cdc_uncapture('t_old')",
                    "SELECT cdc_capture('t', 't_cdc')",
                    "INSERT INTO t VALUES (100, 'after')");
            pipeline.awaitEqual("t");
            await().atMost(Pipeline.PATIENCE).until(producer::isReady);
        }
    }

    @Test
    void loses_nothing_of_a_table_that_has_another_name_for_a_while() throws Exception {
        try (Pipeline pipeline = pipeline("id int PRIMARY KEY, v text")) {
            RunningDaemon producer = pipeline.startProducer();
            pipeline.startConsumer();
            execute(pipeline.sourceUrl(), "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
            pipeline.awaitEqual("t");

            execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE t RENAME TO u",
                    "UPDATE u SET id = 3 WHERE id = 2; DELETE FROM u WHERE id = 1; INSERT INTO u VALUES (9, 'c')");
            await().atMost(Pipeline.PATIENCE).until(() -> !producer.isReady());
            assertThat(producer.reason())
                    .contains("there is no table t any more", "is called public.u now", "Rename it back");
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS)).containsExactly("(1,a)", "(2,b)");

            execute(pipeline.sourceUrl(), "ALTER TABLE u RENAME TO t", "SELECT cdc_capture('t', 't_cdc')");
            pipeline.awaitEqual("t");
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS)).containsExactly("(3,b)", "(9,c)");
        }
    }

    @Test
    void rounds_nothing_when_columns_are_widened_while_their_changes_flow() throws Exception {
        String columns =
                "id int PRIMARY KEY, v real, amount numeric(12,2), note varchar(10), n int, at timestamp(0), rs real[]";
        String wider =
                "ALTER TABLE t ALTER v TYPE double precision, ALTER amount TYPE numeric(14,4), ALTER note TYPE text,"
                        + " ALTER n TYPE bigint, ALTER at TYPE timestamp, ALTER rs TYPE double precision[]";
        // The producer finds out by itself, not by the check.
        try (Pipeline pipeline =
                pipeline(columns).with("CAPTURE_CHECK_INTERVAL", "1h").start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO t VALUES (1, 0.1, 1.5, 'short', 1, '2026-01-01', '{0.1}')");
            pipeline.awaitEqual("t");

            execute(pipeline.destinationUrl(), wider);
            execute(
                    pipeline.sourceUrl(),
                    wider,
                    "INSERT INTO t VALUES (2, 0.1234567890123, 1.2345, repeat('x', 50), 3000000000, '2026-01-01 00:00:00.6', '{0.1234567890123}')",
                    "UPDATE t SET n = 5 WHERE id = 1");

            pipeline.awaitEqual("t");
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT v::text FROM t WHERE id = 2"))
                    .isEqualTo(List.of("0.1234567890123"));
        }
    }
}
