package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code admin.jar verify} says that both sides are equal only of what it has compared: every column of the source. */
@Timeout(240)
class VerifyColumnsIT {
    @Test
    void calls_no_table_equal_of_which_a_column_is_left_out_or_differs() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "t")
                .with("CHANGE_TABLE", "t_cdc")
                .with("RECORD_SCHEMA", "none")) {
            // Virtual columns are there from PostgreSQL 18 on.
            String virtual =
                    Databases.query(pipeline.sourceUrl(), "SELECT current_setting('server_version_num')::int >= 180000")
                                    .contains("t")
                            ? "VIRTUAL"
                            : "STORED";
            execute(
                    pipeline.sourceUrl(),
                    "CREATE TABLE t (id int PRIMARY KEY, a text, j jsonb, has boolean GENERATED ALWAYS AS (j ? 'k') "
                            + virtual + ", thrice int GENERATED ALWAYS AS (id * 3) STORED)",
                    "SELECT cdc_capture('t', 't_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "CREATE TABLE t (id int PRIMARY KEY, a text, j jsonb, has boolean, note text,"
                            + " thrice int GENERATED ALWAYS AS (id * 3) STORED)",
                    "SELECT cdc_destination('t')");
            pipeline.start();
            execute(pipeline.sourceUrl(), "INSERT INTO t SELECT n, 'a', '{\"k\": 1}' FROM generate_series(1, 5) n");
            awaitRows(pipeline, 5);

            if (virtual.equals("VIRTUAL")) {
                assertThat(verify(pipeline, 3)).contains("different id=1: has", "found: missing=0 extra=0 different=5");
                assertThat(verify(pipeline, 3, "--repair"))
                        .contains("5 rows still differ", "No change carries has: virtual in the source");
            }
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE t DROP COLUMN has",
                    "ALTER TABLE t ADD COLUMN has boolean GENERATED ALWAYS AS (j ? 'k') STORED",
                    // As a copy of the table leaves the consumer's column.
                    "COMMENT ON COLUMN t.action_id IS NULL");
            try (Writers writers = Writers.of(
                    2,
                    pipeline,
                    random -> "UPDATE t SET j = jsonb_build_object(chr(%d), 1) WHERE id = 5"
                            .formatted('j' + random.nextInt(3)))) {
                assertThat(verify(pipeline, 0))
                        .contains(
                                "only the destination has, and nothing is compared with: note\n",
                                "equal: no row differs");
                writers.close();
            }

            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE t DROP COLUMN thrice",
                    "ALTER TABLE t ADD COLUMN thrice int GENERATED ALWAYS AS (id * 4) STORED");
            assertThat(verify(pipeline, 3, "--where", "id < 3"))
                    .contains("different id=1: thrice", "different id=2: thrice", "different=2");
            execute(pipeline.destinationUrl(), "ALTER TABLE t DROP COLUMN thrice");
            assertThat(verify(pipeline, 3))
                    .contains("not compared: column thrice of t: t of the destination has none of that name")
                    .contains("UNKNOWN: no row differs in the columns that were compared")
                    .doesNotContain("\nequal");
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE t ADD COLUMN thrice int GENERATED ALWAYS AS (id * 3) STORED");

            execute(pipeline.sourceUrl(), "ALTER TABLE t ADD COLUMN nick text", "UPDATE t SET nick = 'n'");
            execute(pipeline.destinationUrl(), "ALTER TABLE t ADD COLUMN nick text");
            assertThat(verify(pipeline, 3, "--json"))
                    .contains("not compared: column nick of t: it is not captured", "\"equal\":false")
                    .contains("\"not_compared\":[\"column nick of t: it is not captured");
            execute(pipeline.sourceUrl(), "SELECT cdc_capture('t', 't_cdc')");
            assertThat(verify(pipeline, 0, "--repair")).contains("different id=1: nick", "repaired: ");
            assertThat(verify(pipeline, 0, "--where", "id < 3 -- some"))
                    .contains("compared: rows=2 ", "equal: no row differs among those where id < 3 -- some");
        }
    }

    @Test
    void compares_by_a_type_of_the_destination_that_lies_in_another_schema_in_the_source() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "t")
                .with("CHANGE_TABLE", "t_cdc")
                .with("RECORD_SCHEMA", "none")) {
            execute(
                    pipeline.sourceUrl(),
                    "CREATE TYPE span AS RANGE (subtype = numeric)",
                    "CREATE TABLE t (id int PRIMARY KEY, length text)",
                    "SELECT cdc_capture('t', 't_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "CREATE SCHEMA app",
                    "CREATE TYPE app.span AS RANGE (subtype = numeric)",
                    "CREATE TABLE t (id int PRIMARY KEY, length app.span)",
                    "SELECT cdc_destination('t')");
            pipeline.start();
            execute(pipeline.sourceUrl(), "INSERT INTO t VALUES (1, '[1, 3]'), (2, NULL)");
            awaitRows(pipeline, 2);

            assertThat(verify(pipeline, 0)).contains("equal: no row differs");
        }
    }

    private static void awaitRows(Pipeline pipeline, int count) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM t"))
                        .isEqualTo(List.of("" + count)));
    }

    private static String verify(Pipeline pipeline, int exitCode, String... options) {
        String[] arguments =
                Stream.concat(Stream.of("verify"), Stream.of(options)).toArray(String[]::new);
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
