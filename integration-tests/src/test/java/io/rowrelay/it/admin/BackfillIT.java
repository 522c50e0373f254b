package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code admin.jar backfill}, the real jar, on a table that had rows before its capture. */
@Tag("nightly")
@Timeout(300)
class BackfillIT {
    private static final String TABLE =
            "CREATE TABLE orders (shop text, id int, note text, PRIMARY KEY (shop, id), CHECK (id >= 0))";

    @Test
    void starts_a_stream_with_a_table_that_is_full_and_in_use_though_killed_twice() throws Exception {
        try (Pipeline pipeline = orders(4_000).start();
                Writers writers = Writers.of(2, pipeline, random -> {
                    int id = random.nextInt(4_000);
                    return switch (random.nextInt(4)) {
                        case 0 -> "DELETE FROM orders WHERE id = " + id;
                        case 1 -> "UPDATE orders SET id = id + 100000 WHERE id = " + id;
                        case 2 -> "INSERT INTO orders VALUES ('Ü', %d, 'new') ON CONFLICT DO NOTHING".formatted(id);
                        default ->
                            "UPDATE orders SET note = note || '.' WHERE id BETWEEN %d AND %d".formatted(id, id + 30);
                    };
                })) {
            killWhen(pipeline, "rows_done >= 400", "--chunk", "20");
            String second = killWhen(pipeline, "rows_done >= 1200", "--chunk", "20");
            assertThat(second).contains("going on where a backfill was ended: ").doesNotContain(": 0 rows");

            String third = backfill(pipeline, 0, "--json");
            assertThat(third).contains("going on where a backfill was ended: ", "\"resumed\":true,\"arrived\":true");

            writers.close();
            pipeline.awaitEqual("orders");
            assertThat(Databases.query(pipeline.sourceUrl(), "SELECT count(*) FROM cdc_backfill"))
                    .containsExactly("0");
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) > 3000 FROM orders"))
                    .containsExactly("t");
        }
    }

    @Test
    void sends_only_the_rows_that_are_asked_for_and_goes_on_only_with_the_same_question() throws Exception {
        try (Pipeline pipeline = orders(1_000).start()) {
            String[] even = {"--where", "id % 2 = 0 -- even", "--chunk", "10"};
            killWhen(pipeline, "rows_done >= 100", even);

            assertThat(backfill(pipeline, 1)).contains("with --where \"id % 2 = 0 -- even\" is unfinished");
            assertThat(backfill(pipeline, 2, "--where", "colour = 'red'"))
                    .contains("rowrelay: --where: ERROR: column \"colour\" does not exist");
            assertThat(backfill(pipeline, 0, even)).contains("written: 500 of 1000 rows", "done: everything");

            assertThat(pipeline.destinationRows("orders")).hasSize(500);
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM orders WHERE id % 2 = 1"))
                    .containsExactly("0");
            assertThat(backfill(pipeline, 0, "--rate", "100000")).contains("written: 1000 of 1000 rows");
            pipeline.awaitEqual("orders");
        }
    }

    @Test
    void begins_anew_when_told_to() throws Exception {
        try (Pipeline pipeline = orders(300).start()) {
            killWhen(pipeline, "rows_done >= 50", "--chunk", "5", "--rate", "300");

            assertThat(backfill(pipeline, 0, "--restart"))
                    .contains("written: 300 of 300 rows")
                    .doesNotContain("going on");
        }
    }

    @Test
    void never_waits_for_a_lock_while_it_holds_others() throws Exception {
        try (Pipeline pipeline = orders(100).start()) {
            Connection open = pipeline.source();
            execute(open, "BEGIN", "UPDATE orders SET note = 'mine' WHERE id = 50");
            try (DaemonProcess backfill = new DaemonProcess("admin", pipeline.environment(), "backfill")) {
                // It asks for the locked row again and again; all others are written, and locked by nobody.
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> backfill.output().contains("locked by open transactions"));
                assertThat(Databases.query(pipeline.sourceUrl(), "SELECT count(DISTINCT id) FROM orders_cdc"))
                        .containsExactly("99");
                try (Connection other = pipeline.source()) {
                    execute(other, "SET lock_timeout = '1s'", "UPDATE orders SET note = 'other' WHERE id <> 50");
                }
                execute(open, "COMMIT");

                assertThat(backfill.awaitEnd())
                        .as(backfill.output() + backfill.errors())
                        .isZero();
            }
            pipeline.awaitEqual("orders");
        }
    }

    @Test
    void refuses_to_run_beside_another_one_and_says_when_rows_cannot_arrive() throws Exception {
        try (Pipeline pipeline = orders(100).start()) {
            execute(pipeline.destinationUrl(), "ALTER TABLE orders ADD CHECK (id < 100)");
            Connection open = pipeline.source();
            execute(open, "BEGIN", "UPDATE orders SET note = 'mine' WHERE id = 50");
            try (DaemonProcess backfill = new DaemonProcess("admin", pipeline.environment(), "backfill")) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> backfill.output().contains("locked by open transactions"));
                assertThat(backfill(pipeline, 1)).contains("another backfill of this stream is running");
                execute(open, "COMMIT");

                assertThat(backfill.awaitEnd())
                        .as(backfill.output() + backfill.errors())
                        .isEqualTo(3);
                assertThat(backfill.output()).contains("1 dead letters came");
            }
        }
    }

    @Test
    void writes_no_row_without_a_column_that_came_meanwhile() throws Exception {
        try (Pipeline pipeline = orders(100).start()) {
            Connection open = pipeline.source();
            execute(open, "BEGIN", "SELECT FROM orders WHERE id = 50 FOR UPDATE");
            try (DaemonProcess backfill = start(pipeline, "--chunk", "10")) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> backfill.output().contains("locked by open transactions"));
                List<String> last = Databases.query(pipeline.sourceUrl(), "SELECT max(action_id) FROM orders_cdc");
                execute(pipeline.destinationUrl(), "ALTER TABLE orders ADD COLUMN size int DEFAULT 7");
                execute(
                        open,
                        "ALTER TABLE orders ADD COLUMN size int DEFAULT 7",
                        "SELECT cdc_capture('orders', 'orders_cdc')",
                        "COMMIT");

                assertThat(backfill.awaitEnd())
                        .as(backfill.output() + backfill.errors())
                        .isEqualTo(1);
                assertThat(backfill.errors()).contains("the columns of public.orders_cdc have changed");
                assertThat(Databases.query(pipeline.sourceUrl(), "SELECT max(action_id) FROM orders_cdc"))
                        .isEqualTo(last);
            }

            assertThat(backfill(pipeline, 0, "--restart")).contains("written: 100 of 100 rows");
            pipeline.awaitEqual("orders");
        }
    }

    @Test
    void does_not_wait_for_the_change_table_while_it_holds_the_other() throws Exception {
        try (Pipeline pipeline = orders(100).start()) {
            Connection open = pipeline.source();
            execute(open, "BEGIN", "LOCK TABLE orders_cdc IN SHARE MODE");
            try (DaemonProcess backfill = start(pipeline)) {
                await().atMost(Pipeline.PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Databases.query(
                                        pipeline.sourceUrl(),
                                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'orders_cdc'::regclass")
                                .equals(List.of("1")));
                try (Connection other = pipeline.source()) {
                    execute(
                            other,
                            "SET lock_timeout = '1s'",
                            "BEGIN",
                            "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE",
                            "COMMIT");
                }
                execute(open, "COMMIT");

                assertThat(backfill.awaitEnd())
                        .as(backfill.output() + backfill.errors())
                        .isZero();
            }
            pipeline.awaitEqual("orders");
        }
    }

    @Test
    void tells_of_rows_that_were_refused_before_it_was_killed() throws Exception {
        try (Pipeline pipeline = orders(100).start()) {
            execute(pipeline.destinationUrl(), "ALTER TABLE orders ADD CHECK (id <> 1)");
            Connection open = pipeline.source();
            execute(open, "BEGIN", "UPDATE orders SET note = 'mine' WHERE id = 80");
            try (DaemonProcess killed = start(pipeline, "--chunk", "10")) {
                pipeline.awaitDeadLetters(1);
                await().atMost(Pipeline.PATIENCE).until(() -> killed.output().contains("locked by open transactions"));
            }
            execute(open, "COMMIT");

            assertThat(backfill(pipeline, 3, "--json"))
                    .contains(
                            "going on where",
                            "1 dead letters came",
                            "\"resumed\":true,\"arrived\":false,\"dead_letters\":1");
        }
    }

    @Test
    void forgets_at_once_what_it_is_told_to_do_anew() throws Exception {
        try (Pipeline pipeline = orders(300).start()) {
            killWhen(pipeline, "rows_done >= 50", "--chunk", "5", "--rate", "300");
            Connection open = pipeline.source();
            execute(open, "BEGIN", "UPDATE orders SET note = 'mine' WHERE id = 1");
            try (DaemonProcess killed = start(pipeline, "--restart")) {
                await().atMost(Pipeline.PATIENCE).until(() -> killed.output().contains("locked by open transactions"));
            }
            execute(open, "COMMIT");

            assertThat(backfill(pipeline, 0))
                    .contains("written: 300 of 300 rows")
                    .doesNotContain("going on");
        }
    }

    @Test
    void writes_nothing_that_the_destination_would_ignore() throws Exception {
        try (Pipeline pipeline = orders(100).start()) {
            execute(
                    pipeline.destinationUrl(),
                    "INSERT INTO orders (shop, id, note, action_id) VALUES ('Z', 1, 'of another source', 1000000)");

            assertThat(backfill(pipeline, 1)).contains("the destination shows change 1000000", "Run reanchor instead");
            assertThat(Databases.query(pipeline.sourceUrl(), "SELECT count(*) FROM orders_cdc"))
                    .containsExactly("0");
        }
    }

    /** A captured table with rows from before, and a destination without any. */
    private static Pipeline orders(int rows) {
        Pipeline pipeline = Pipeline.create()
                .with("STREAM", "orders")
                .with("CHANGE_TABLE", "orders_cdc")
                .with("RECORD_SCHEMA", "none");
        execute(
                pipeline.sourceUrl(),
                TABLE,
                "INSERT INTO orders SELECT CASE WHEN n % 3 = 0 THEN 'ä' ELSE 'Z' END, n, 'old' FROM generate_series(1, "
                        + rows + ") n",
                "SELECT cdc_capture('orders', 'orders_cdc')");
        execute(pipeline.destinationUrl(), TABLE, "SELECT cdc_destination('orders')");
        return pipeline;
    }

    /** Ends it as {@code kill -9} does once it remembers so much. */
    private static String killWhen(Pipeline pipeline, String condition, String... options) {
        try (DaemonProcess killed = start(pipeline, options)) {
            await().atMost(Pipeline.PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Databases.query(
                                    pipeline.sourceUrl(), "SELECT count(*) FROM cdc_backfill WHERE " + condition)
                            .equals(List.of("1")));
            return killed.output() + killed.errors();
        }
    }

    private static DaemonProcess start(Pipeline pipeline, String... options) {
        return new DaemonProcess("admin", pipeline.environment(), arguments(options));
    }

    private static String[] arguments(String... options) {
        return Stream.concat(Stream.of("backfill", "orders"), Stream.of(options))
                .toArray(String[]::new);
    }

    private static String backfill(Pipeline pipeline, int exitCode, String... options) {
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments(options))
                .said();
    }
}
