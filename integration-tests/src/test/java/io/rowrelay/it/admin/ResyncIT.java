package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Load;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code admin.jar resync}, the real jar, while daemons run and applications write. */
@Timeout(300)
class ResyncIT {
    @Test
    void repairs_rows_that_were_deleted_changed_and_added_by_hand_under_load() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start();
                Load load = new Load(pipeline)) {
            load.awaitArrivals(1);
            for (int round = 0; round < 2; round++) {
                damage(pipeline);
                resync(pipeline, 0, "--chunk", "37");
            }
            damage(pipeline);
            load.close();
            resync(pipeline, 0);
            load.assertEqualAtTheEnd();
        }
    }

    @Test
    void brings_over_rows_from_before_the_capture_and_marks_those_that_were_there() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees DISABLE TRIGGER USER",
                    "INSERT INTO employees (salary) SELECT n FROM generate_series(1, 2500) n",
                    "ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_insert",
                    "ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_update",
                    "ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_delete",
                    "ALTER TABLE employees ENABLE ALWAYS TRIGGER cdc_truncate");
            execute(
                    pipeline.destinationUrl(),
                    "INSERT INTO employees (emp_id, salary) SELECT n, n FROM generate_series(1, 100) n");

            assertThat(resync(pipeline, 0, "--chunk", "99")).contains("written: updates=2500 deletes=0");

            pipeline.awaitEqual();
            assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(action_id) FROM employees"))
                    .containsExactly("2500");
        }
    }

    @Tag("nightly")
    @Test
    void is_run_again_after_it_was_killed_half_way() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (salary) SELECT n FROM generate_series(1, 3000) n");
            pipeline.awaitEqual();
            damage(pipeline);
            String before = Databases.query(pipeline.sourceUrl(), "SELECT max(action_id) FROM emp_cdc")
                    .get(0);
            try (DaemonProcess killed = new DaemonProcess("admin", pipeline.environment(), "resync", "--chunk", "1")) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> Databases.query(
                                        pipeline.sourceUrl(),
                                        "SELECT count(*) > 100 FROM emp_cdc WHERE action_id > " + before)
                                .equals(List.of("t")));
                assertThat(killed.output()).doesNotContain("written");
            }

            resync(pipeline, 0);

            pipeline.awaitEqual();
        }
    }

    @Tag("nightly")
    @Test
    void deletes_no_row_whose_insert_is_not_committed_yet_and_keeps_nobody_waiting() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, salary) VALUES (1, 1)");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "INSERT INTO employees (emp_id, salary) VALUES (2, 0), (3, 0)");
            Connection open = pipeline.source();
            execute(open, "BEGIN", "INSERT INTO employees (emp_id, salary) VALUES (2, 2)");
            try (DaemonProcess resync = new DaemonProcess("admin", pipeline.environment(), "resync")) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> resync.output().contains("is in use by open transactions"));
                // Anybody else can write meanwhile.
                try (Connection other = pipeline.source()) {
                    execute(other, "SET lock_timeout = '1s'", "INSERT INTO employees (emp_id, salary) VALUES (4, 4)");
                }
                execute(open, "COMMIT");

                assertThat(resync.awaitEnd())
                        .as(resync.output() + resync.errors())
                        .isZero();
            }
            pipeline.awaitEqual();
            assertThat(pipeline.destinationRows("employees")).hasSize(3);
        }
    }

    @Test
    void does_not_wait_for_ever_for_a_row_whose_insert_was_older_than_the_run_and_committed_behind_it()
            throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, salary) VALUES (1, 1)");
            pipeline.awaitEqual();
            Connection open = pipeline.source();
            execute(open, "BEGIN", "INSERT INTO employees (emp_id, salary) VALUES (2, 2)");
            execute(pipeline.destinationUrl(), "DELETE FROM employees");
            // Keeps the run from ending before the commit.
            Connection locked = pipeline.destination();
            execute(locked, "BEGIN", "LOCK TABLE employees IN EXCLUSIVE MODE");
            try (DaemonProcess resync = new DaemonProcess("admin", pipeline.environment(), "resync")) {
                await().atMost(Pipeline.PATIENCE).until(() -> resync.output().contains("written: updates=1 deletes=0"));
                execute(open, "COMMIT");
                execute(locked, "COMMIT");

                assertThat(resync.awaitEnd())
                        .as(resync.output() + resync.errors())
                        .isZero();
            }
            pipeline.awaitEqual();
        }
    }

    @Test
    void waits_for_a_row_that_is_locked_and_takes_it_as_it_is_then() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, salary) SELECT n, 1 FROM generate_series(1, 9) n");
            pipeline.awaitEqual();
            damage(pipeline);
            Connection open = pipeline.source();
            execute(open, "BEGIN", "UPDATE employees SET salary = 2 WHERE emp_id = 5");
            try (DaemonProcess resync = new DaemonProcess("admin", pipeline.environment(), "resync")) {
                await().atMost(Pipeline.PATIENCE).until(() -> resync.output().contains("locked by open transactions"));
                execute(open, "COMMIT");

                assertThat(resync.awaitEnd())
                        .as(resync.output() + resync.errors())
                        .isZero();
            }
            pipeline.awaitEqual();
        }
    }

    @Test
    void says_so_when_rows_cannot_arrive() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, salary) VALUES (1, 1), (2, 2)");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "DELETE FROM employees", "ALTER TABLE employees ADD CHECK (salary < 2)");

            assertThat(AdminRun.expecting(3, pipeline.environment(), "resync").output())
                    .contains("NOT equal: 1 rows do not arrive, and 1 dead letters came");
            assertThat(pipeline.destinationRows("employees")).hasSize(1);
        }
    }

    @Test
    void writes_nothing_when_told_only_to_look() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (salary) SELECT n FROM generate_series(1, 20) n");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "INSERT INTO employees (emp_id) VALUES (-1), (-2)");

            assertThat(resync(pipeline, 0, "--dry-run", "--chunk", "3"))
                    .contains("would be written: updates=20 deletes=2; nothing was");

            assertThat(Databases.query(pipeline.sourceUrl(), "SELECT max(action_id) FROM emp_cdc"))
                    .containsExactly("20");
        }
    }

    @Test
    void refuses_when_the_destination_is_ahead_of_the_source() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            execute(pipeline.destinationUrl(), "INSERT INTO employees (emp_id, action_id) VALUES (1, 1000)");

            assertThat(resync(pipeline, 1)).contains("the destination shows change 1000", "Run reanchor instead");
        }
    }

    @Test
    void takes_keys_of_any_type_that_can_be_one() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "keys")
                .with("CHANGE_TABLE", "keys_cdc")
                .with("RECORD_SCHEMA", "none")) {
            String table = """
                    CREATE EXTENSION hstore;
                    CREATE TYPE pair AS (a int, b text);
                    CREATE TABLE keys (
                        a int[], b pair, c bytea, d boolean, e date, f float8, g numeric, h char(4), i int4range, j interval, k inet,
                        "L ""l" hstore, v text, PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, "L ""l"))""";
            String rows = """
                    INSERT INTO keys SELECT r.*, 'v' FROM (VALUES
                    ('{1,2}'::int[], '(1,x)'::pair, '\\x00'::bytea, true, '2026-01-01'::date, 1e21, 1.50, 'a', '[1,2)'::int4range, '1 day'::interval,
                     '::1'::inet, 'a=>1'::hstore),
                    ('[0:1]={1,2}', '(,)', '\\x', false, 'infinity', 'NaN', 'NaN', '', 'empty', '-1 mons +2 days', '1.2.3.4/8', ''),
                    ('{1,2}', '(1,x)', '\\x00', true, '2026-01-01', 1e21, 1.50, 'a', '[1,2)', '1 day', '::1', 'a=>2'),
                    ('{1,2}', '(1,y)', '\\x00', true, '2026-01-01', 0.1, 1.5, 'a b', '[1,2)', '1 day', '::1', 'a=>2')) r""";
            execute(pipeline.sourceUrl(), table, "SELECT cdc_capture('keys', 'keys_cdc')", rows);
            execute(pipeline.destinationUrl(), table, "SELECT cdc_destination('keys')");
            pipeline.start();
            pipeline.awaitEqual("keys");
            execute(
                    pipeline.destinationUrl(),
                    "UPDATE keys SET v = 'changed' WHERE f = 0.1",
                    "INSERT INTO keys SELECT a, b, c, d, e, f, g, h, i, j, k, hstore('more', ctid::text), v FROM keys",
                    "DELETE FROM keys WHERE f = 'NaN'");

            resync(pipeline, 0, "--chunk", "1");

            pipeline.awaitEqual("keys");
            assertThat(pipeline.destinationRows("keys")).hasSize(4);
        }
    }

    private static void damage(Pipeline pipeline) {
        execute(
                pipeline.destinationUrl(),
                "BEGIN",
                // The consumer writes these rows too: the one order and the other would be a deadlock now and then.
                "LOCK TABLE employees IN SHARE ROW EXCLUSIVE MODE",
                "DELETE FROM employees WHERE emp_id % 3 = 0",
                "UPDATE employees SET city = 'nowhere' WHERE emp_id % 3 = 1",
                "INSERT INTO employees (emp_id, city) SELECT -n, 'nowhere' FROM generate_series(1, 60) n ON CONFLICT DO NOTHING",
                "COMMIT");
    }

    private static String resync(Pipeline pipeline, int exitCode, String... options) {
        String[] arguments =
                Stream.concat(Stream.of("resync"), Stream.of(options)).toArray(String[]::new);
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
