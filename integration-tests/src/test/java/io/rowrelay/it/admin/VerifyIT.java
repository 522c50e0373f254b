package io.rowrelay.it.admin;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.pipeline.AwkwardTableIT;
import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code admin.jar verify}, the real jar, while daemons run and applications write. */
@Tag("nightly")
@Timeout(300)
class VerifyIT {
    /** Under it, the rows that are written all the time. */
    private static final int BUSY = 1_000;

    private static final int RUNS = Integer.getInteger("rowrelay.verify.runs", 5);

    @Test
    void finds_exactly_what_was_changed_by_hand_under_load_and_mends_it() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, city) SELECT n, 'here' FROM generate_series(10001, 13000) n");
            pipeline.awaitEqual();
            try (Writers writers = Writers.below(BUSY, pipeline)) {
                damage(pipeline);

                String found = verify(pipeline, 3, "--chunk", "333");
                assertThat(differences(found)).containsExactlyInAnyOrderElementsOf(damaged());
                assertThat(found).contains("found: missing=100 extra=100 different=100", "NOT equal");

                String repaired = verify(pipeline, 0, "--repair");
                assertThat(differences(repaired)).containsExactlyInAnyOrderElementsOf(damaged());
                assertThat(repaired).contains("repaired: the destination shows them all");

                assertThat(verify(pipeline, 0)).contains("equal: no row differs");
                writers.close();
            }
            pipeline.awaitEqual();
        }
    }

    @Test
    void raises_no_false_alarm_under_load() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start();
                Writers busy = Writers.below(BUSY, pipeline);
                Writers random = Writers.random(3, pipeline)) {
            for (int run = 0; run < RUNS; run++) {
                // Chunks of a row each take longer, so that more happens meanwhile.
                assertThat(verify(pipeline, 0, "--chunk", run % 2 == 0 ? "10" : "1"))
                        .contains("equal: no row differs");
            }
            random.close();
            busy.close();
            pipeline.awaitEqual();
        }
    }

    @Test
    void tells_a_row_that_never_rests_and_that_the_destination_does_not_follow() throws Exception {
        // Or the producer would notice that the trigger is off, and stop.
        try (Pipeline pipeline =
                Pipeline.create().with("CAPTURE_CHECK_INTERVAL", "1h").start()) {
            execute(pipeline.sourceUrl(), "INSERT INTO employees (emp_id, salary) VALUES (1, 0), (2, 0)");
            pipeline.awaitEqual();
            execute(pipeline.sourceUrl(), "ALTER TABLE employees DISABLE TRIGGER cdc_update");
            try (Writers writers =
                    Writers.of(6, pipeline, random -> "UPDATE employees SET salary = salary + 1 WHERE emp_id = 1")) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> Databases.query(
                                        pipeline.sourceUrl(), "SELECT salary > 0 FROM employees WHERE emp_id = 1")
                                .equals(List.of("t")));

                assertThat(differences(verify(pipeline, 3))).containsExactly("different emp_id=1: salary");
                // Written again, the row goes on without its changes being captured.
                assertThat(verify(pipeline, 3, "--repair")).contains("NOT equal: 1 rows still differ");
                writers.close();
            }
        }
    }

    @Test
    void takes_a_change_that_is_long_on_its_way_for_no_difference() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Employees.insertKeys(pipeline.sourceUrl(), 1, 50);
            Connection open = pipeline.source();
            execute(open, "BEGIN", "UPDATE employees SET city = 'later' WHERE emp_id = 7");
            try (DaemonProcess verify = new DaemonProcess("admin", pipeline.environment(), "verify")) {
                await().atMost(Pipeline.PATIENCE).until(() -> verify.output().contains("waiting: for the producer"));
                execute(open, "COMMIT");
                pipeline.start();

                assertThat(verify.awaitEnd())
                        .as(verify.output() + verify.errors())
                        .isZero();
            }
        }
    }

    @Test
    void compares_every_type_by_the_value_that_is_to_arrive() throws Exception {
        try (Pipeline pipeline = AwkwardTableIT.awkward().start()) {
            execute(pipeline.sourceUrl(), AwkwardTableIT.resource("rows.sql"));
            execute(pipeline.sourceUrl(), """
                    UPDATE "Order Line" SET js = E' \\t{"a" : 1} \\n', jb = 'null' WHERE "key" = 'null'
                    """);
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM \"Order Line\"")
                            .equals(List.of("12")));

            assertThat(verify(pipeline, 0)).contains("compared: rows=12 ", "equal: no row differs");

            execute(
                    pipeline.destinationUrl(),
                    "UPDATE \"Order Line\" SET num = 1.500 WHERE num = 1.50",
                    "UPDATE \"Order Line\" SET f8 = 0 WHERE f8::text = '-0'",
                    "UPDATE \"Order Line\" SET js = '{\"a\":1}' WHERE \"key\" = 'null'",
                    "UPDATE \"Order Line\" SET \"User\" = '', texts = NULL WHERE \"User\" = 'null'",
                    "UPDATE \"Order Line\" SET tstz = tstz + interval '1 microsecond' WHERE tstz = '2026-02-28 12:13:14.123456+05:30'");
            String found = verify(pipeline, 3, "--show-values");
            assertThat(differences(found))
                    .contains(
                            "different select=1, key=k, a b=2026-01-01 00:00:00+00: num (1.50 | 1.500), tstz (2026-02-28"
                                    + " 06:43:14.123456+00 | 2026-02-28 06:43:14.123457+00)")
                    .anyMatch(line -> line.endsWith(": f8 (-0 | 0)"))
                    .anyMatch(line -> line.contains("js ("))
                    .anyMatch(line -> line.contains("User (null | ), texts ("));

            assertThat(verify(pipeline, 0, "--repair", "--chunk", "1")).contains("repaired");
            verify(pipeline, 0);
        }
    }

    @Test
    void finds_values_that_a_narrower_type_of_the_destination_refuses_and_takes_those_that_fit() throws Exception {
        try (Pipeline pipeline = keys()) {
            execute(
                    pipeline.sourceUrl(),
                    "CREATE TABLE keys (id int PRIMARY KEY, city text, tags text[], amount numeric, big int8, code char(8), bits varbit)",
                    "SELECT cdc_capture('keys', 'keys_cdc')");
            execute(
                    pipeline.destinationUrl(),
                    "CREATE TABLE keys (id int8 PRIMARY KEY, city varchar(4), tags varchar(4)[], amount numeric(5, 2), big int, code char(10), bits bit(4))",
                    "SELECT cdc_destination('keys')");
            pipeline.start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO keys VALUES (1, 'Rome  ', '{a,NULL}', 1.5, 7, 'x', '1010'), (2, NULL, NULL, NULL, NULL, NULL, NULL)");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM keys")
                            .equals(List.of("2")));
            assertThat(verify(pipeline, 0)).contains("compared: rows=2 ", "equal: no row differs");

            // Each is refused there, so that the rows stay as they are in the destination but for what a cast would
            // cut.
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO keys SELECT n, 'Rome', '{Rome}', 1, 1, 'x', '1010' FROM generate_series(3, 8) n");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM keys")
                            .equals(List.of("8")));
            execute(
                    pipeline.sourceUrl(),
                    "UPDATE keys SET city = 'Romeo' WHERE id = 3",
                    "UPDATE keys SET tags = '{Romeo}' WHERE id = 4",
                    "UPDATE keys SET amount = 100000 WHERE id = 5",
                    "UPDATE keys SET big = 3000000000 WHERE id = 6",
                    "UPDATE keys SET bits = '10101' WHERE id = 7");
            pipeline.awaitDeadLetters(5);

            assertThat(differences(verify(pipeline, 3)))
                    .containsExactlyInAnyOrder(
                            "different id=3: city",
                            "different id=4: tags",
                            "different id=5: amount",
                            "different id=6: big",
                            "different id=7: bits");
        }
    }

    @Test
    void does_not_hang_on_the_order_of_keys_that_are_text() throws Exception {
        try (Pipeline pipeline = keys()) {
            String table = "CREATE TABLE keys (a text COLLATE %s, b int, v text, PRIMARY KEY (a, b))";
            execute(pipeline.sourceUrl(), table.formatted("\"C\""), "SELECT cdc_capture('keys', 'keys_cdc')");
            execute(pipeline.destinationUrl(), table.formatted("\"en-x-icu\""), "SELECT cdc_destination('keys')");
            pipeline.start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO keys SELECT k, n, k FROM unnest('{a,B,c,D,é,\"a b\",\"\",_x,-y}'::text[]) k, generate_series(1, 20) n");
            pipeline.awaitEqual("keys");

            assertThat(verify(pipeline, 0, "--chunk", "7")).contains("compared: rows=180 ", "equal: no row differs");

            execute(
                    pipeline.destinationUrl(),
                    "DELETE FROM keys WHERE a = 'B' AND b = 3",
                    "UPDATE keys SET v = 'x' WHERE a = 'é' AND b = 20",
                    "INSERT INTO keys VALUES ('A', 1, 'v')");
            assertThat(differences(verify(pipeline, 3, "--chunk", "7")))
                    .containsExactlyInAnyOrder("missing   a=B, b=3", "different a=é, b=20: v", "extra     a=A, b=1");
            verify(pipeline, 0, "--chunk", "7", "--repair");
            pipeline.awaitEqual("keys");
        }
    }

    @Test
    void takes_composite_keys_and_keys_that_are_equal_and_not_identical() throws Exception {
        try (Pipeline pipeline = keys()) {
            String table = "CREATE TABLE keys (a numeric, b date, v text, PRIMARY KEY (a, b))";
            execute(pipeline.sourceUrl(), table, "SELECT cdc_capture('keys', 'keys_cdc')");
            execute(pipeline.destinationUrl(), table, "SELECT cdc_destination('keys')");
            pipeline.start();
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO keys SELECT n / 2, '2026-01-01'::date + n, n FROM generate_series(1, 100) n");
            pipeline.awaitEqual("keys");
            execute(
                    pipeline.destinationUrl(),
                    "UPDATE keys SET a = 7.00 WHERE a = 7 AND b = '2026-01-15'",
                    "UPDATE keys SET b = 'infinity' WHERE a = 20 AND b = '2026-02-10'");

            assertThat(differences(verify(pipeline, 3, "--chunk", "9")))
                    .containsExactlyInAnyOrder(
                            "different a=7, b=2026-01-15: a",
                            "missing   a=20, b=2026-02-10",
                            "extra     a=20, b=infinity");
            verify(pipeline, 0, "--repair");
            pipeline.awaitEqual("keys");
        }
    }

    @Test
    void compares_only_the_rows_that_are_asked_for() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, city) SELECT n, CASE WHEN n % 2 = 0 THEN 'even?' ELSE 'odd' END FROM generate_series(1, 100) n");
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "UPDATE employees SET salary = 1 WHERE emp_id IN (3, 4)");

            assertThat(differences(verify(pipeline, 3, "--where", "city = 'even?' -- the even ones", "--chunk", "9")))
                    .containsExactly("different emp_id=4: salary");
            assertThat(verify(pipeline, 0, "--where", "emp_id > 4", "--chunk", "9"))
                    .contains("compared: rows=96 ");
            assertThat(verify(pipeline, 2, "--where", "city = $$even?$$"))
                    .contains("rowrelay: --where: it has a question mark beside $");
            assertThat(verify(pipeline, 2, "--where", "town = 'even'"))
                    .contains("rowrelay: --where: ERROR: column \"town\" does not exist");
            assertThat(verify(pipeline, 2, "--every", "1h", "--where", "emp_id ="))
                    .contains("rowrelay: --where: ERROR: syntax error");
        }
    }

    @Test
    void leaves_nothing_wrong_when_killed_in_the_middle_of_a_repair() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, city) SELECT n, 'here' FROM generate_series(10001, 30000) n");
            pipeline.awaitEqual();
            String before = Databases.query(pipeline.sourceUrl(), "SELECT max(action_id) FROM emp_cdc")
                    .get(0);
            try (Writers writers = Writers.below(BUSY, pipeline)) {
                execute(pipeline.destinationUrl(), "DELETE FROM employees WHERE emp_id > 10000");
                try (DaemonProcess killed = new DaemonProcess("admin", pipeline.environment(), "verify", "--repair")) {
                    await().atMost(Pipeline.PATIENCE)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> Databases.query(
                                            pipeline.sourceUrl(),
                                            "SELECT count(*) > 500 FROM emp_cdc WHERE emp_id > 10000 AND action_id > "
                                                    + before)
                                    .equals(List.of("t")));
                }
                verify(pipeline, 0, "--repair");
                writers.close();
            }
            pipeline.awaitEqual();
        }
    }

    @Test
    void says_what_to_do_when_a_row_shows_a_change_that_never_was() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            Employees.insertKeys(pipeline.sourceUrl(), 1, 2);
            pipeline.awaitEqual();
            execute(
                    pipeline.destinationUrl(),
                    "UPDATE employees SET city = 'nowhere', action_id = 1000000 WHERE emp_id = 2");

            assertThat(verify(pipeline, 3, "--repair"))
                    .contains("different emp_id=2: city", "1 rows still differ", "shows change 1000000");

            execute(pipeline.destinationUrl(), "UPDATE employees SET action_id = NULL WHERE action_id = 1000000");
            verify(pipeline, 0, "--repair");
        }
    }

    @Test
    void tells_scripts_and_prometheus_its_result_again_and_again_until_it_is_stopped(@TempDir Path directory)
            throws Exception {
        Path metrics = directory.resolve("verify.prom");
        try (Pipeline pipeline = Pipeline.create().start()) {
            Employees.insertKeys(pipeline.sourceUrl(), 1, 2);
            pipeline.awaitEqual();
            execute(pipeline.destinationUrl(), "UPDATE employees SET city = 'no\"where' WHERE emp_id = 2");
            String[] arguments = {
                "verify", "employees", "--json", "--show-values", "--metrics", metrics.toString(), "--every", "1s"
            };
            try (DaemonProcess verify = new DaemonProcess("admin", pipeline.environment(), arguments)) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> verify.output().lines().count() >= 2);
                assertThat(verify.output().lines())
                        .allMatch(line -> line.startsWith("{\"stream\":\"employees\",\"equal\":false,\"rows\":2,")
                                && line.endsWith(",\"differences\":[{\"kind\":\"different\",\"key\":{\"emp_id\":\"2\"},"
                                        + "\"columns\":[\"city\"],\"source\":{\"city\":\"NULL\"},"
                                        + "\"destination\":{\"city\":\"no\\\"where\"}}],"
                                        + "\"dead_letters_open\":0,\"dead_letters_lost\":0}"));
                assertThat(Files.readString(metrics))
                        .contains(
                                "rowrelay_verify_differences{stream=\"employees\"} 1.0",
                                "rowrelay_verify_not_judged{stream=\"employees\"} 0.0",
                                "rowrelay_verify_rows{stream=\"employees\"} 2.0",
                                "rowrelay_verify_found{kind=\"different\",stream=\"employees\"} 1.0",
                                "rowrelay_verify_timestamp_seconds{stream=\"employees\"} 1.",
                                "rowrelay_verify_duration_seconds{stream=\"employees\"} ");
                execute(pipeline.destinationUrl(), "UPDATE employees SET city = NULL WHERE emp_id = 2");
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> Files.readString(metrics)
                                .contains("rowrelay_verify_differences{stream=\"employees\"} 0.0"));

                assertThat(verify.stop(Pipeline.PATIENCE)).isZero();
            }
        }
    }

    private static void damage(Pipeline pipeline) {
        execute(
                pipeline.destinationUrl(),
                "DELETE FROM employees WHERE emp_id BETWEEN 10101 AND 10200",
                "UPDATE employees SET city = 'nowhere' WHERE emp_id BETWEEN 11101 AND 11200",
                "INSERT INTO employees (emp_id, city) SELECT n, 'nowhere' FROM generate_series(20001, 20100) n");
    }

    private static List<String> damaged() {
        return IntStream.rangeClosed(1, 100)
                .boxed()
                .flatMap(n -> Stream.of(
                        "missing   emp_id=" + (10100 + n),
                        "different emp_id=" + (11100 + n) + ": city",
                        "extra     emp_id=" + (20000 + n)))
                .toList();
    }

    private static Pipeline keys() {
        return Pipeline.create()
                .with("STREAM", "keys")
                .with("CHANGE_TABLE", "keys_cdc")
                .with("RECORD_SCHEMA", "none");
    }

    private static List<String> differences(String output) {
        return output.lines()
                .filter(line -> line.matches("(missing|extra|different) .*"))
                .collect(Collectors.toList());
    }

    private static String verify(Pipeline pipeline, int exitCode, String... options) {
        String[] arguments =
                Stream.concat(Stream.of("verify"), Stream.of(options)).toArray(String[]::new);
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
