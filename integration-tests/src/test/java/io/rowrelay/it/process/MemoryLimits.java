package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both jars with a heap of 256 MB, as {@link DaemonProcess} starts them, under what could fill it. No test of the suite,
 * for it takes long: {@code mvn -B verify -Pchaos -Dit.test=MemoryLimits}.
 */
@Timeout(3600)
class MemoryLimits {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryLimits.class);
    private static final Duration LONG = Duration.ofMinutes(30);
    /** Heap, and for code, classes, threads and the driver's buffers half as much again. */
    private static final long MOST_RESIDENT_KB = 384 * 1024;

    private static final int BULK = 100_000;
    private static final int LARGE = 5 << 20;
    private static final String CONTENT =
            "SELECT count(*) || ' rows, ' || coalesce(sum(hashtextextended(ROW(emp_id, first_name, last_name, dob, city,"
                    + " salary)::text, 0)), 0) FROM employees";

    @Test
    void five_million_changes_waiting() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            for (int first = 1; first < 5_000_000; first += BULK) {
                Databases.execute(pipeline.sourceUrl(), insert(first, first + BULK - 1));
            }

            awaitEqualWithin(pipeline, "5,000,000 waiting");
        }
    }

    @Test
    void a_transaction_of_more_than_a_million_rows() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(
                    pipeline.sourceUrl(),
                    "BEGIN",
                    insert(1, 1_000_000),
                    "UPDATE employees SET salary = salary + 1",
                    "DELETE FROM employees WHERE emp_id % 2 = 0",
                    "COMMIT");

            awaitEqualWithin(pipeline, "one transaction");
        }
    }

    @Test
    void records_of_five_megabytes() throws Exception {
        try (Pipeline pipeline =
                Pipeline.create().with("RECORD_SCHEMA", "none").with("KAFKA_MAX_REQUEST_SIZE", "" + 2 * LARGE)) {
            widenCity(pipeline);
            // What compresses well would not be large on the way.
            String text = "(SELECT string_agg(md5(emp_id || '/' || n || '%s'), '') FROM generate_series(1, "
                    + LARGE / 32 + ") n)";
            Databases.execute(
                    pipeline.sourceUrl(),
                    insert(1, 100),
                    "UPDATE employees SET city = " + text.formatted("a"),
                    "UPDATE employees SET city = " + text.formatted("b"));

            awaitEqualWithin(pipeline, "200 records of 5 MB");
        }
    }

    /** As many, and as wide, as the producer reads at once without knowing how many there are. */
    @Test
    void statements_of_two_thousand_rows_of_eight_kilobytes() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("RECORD_SCHEMA", "none")) {
            widenCity(pipeline);
            Databases.execute(pipeline.sourceUrl(), insert(1, 2_000));

            awaitEqualWithin(pipeline, "statements of 2,000 rows of 8 KB", () -> {
                for (int i = 0; i < 60; i++) {
                    Databases.execute(
                            pipeline.sourceUrl(),
                            "UPDATE employees SET city = repeat(md5(emp_id || '/" + i + "'), 246)");
                }
            });
        }
    }

    private static void widenCity(Pipeline pipeline) {
        Databases.execute(
                pipeline.sourceUrl(),
                "ALTER TABLE employees ALTER city TYPE text",
                "ALTER TABLE emp_cdc ALTER city TYPE text",
                "SELECT cdc_capture('employees', 'emp_cdc')");
        Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ALTER city TYPE text");
    }

    private static String insert(int first, int last) {
        return "INSERT INTO employees (emp_id, first_name, last_name, dob, city, salary) SELECT n, 'first ' || n, 'last ' ||"
                + " n, '1990-01-01', 'Oslo', n % 10000 FROM generate_series(" + first + ", " + last + ") n";
    }

    private static void awaitEqualWithin(Pipeline pipeline, String load) {
        awaitEqualWithin(pipeline, load, () -> {});
    }

    /** Something is written while the daemons run, too. */
    private static void awaitEqualWithin(Pipeline pipeline, String load, Runnable writing) {
        try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment());
                DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment())) {
            List<DaemonProcess> daemons = List.of(producer, consumer);
            writing.run();
            String content = Databases.query(pipeline.sourceUrl(), CONTENT).get(0);

            await(load)
                    .atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .failFast("a daemon ended", () -> !daemons.stream().allMatch(DaemonProcess::isAlive))
                    .untilAsserted(() -> assertThat(Databases.query(pipeline.destinationUrl(), CONTENT))
                            .containsExactly(content));

            LOG.info(
                    "load=\"{}\" most resident: producer={} kB consumer={} kB",
                    load,
                    producer.mostResidentKilobytes(),
                    consumer.mostResidentKilobytes());
            assertThat(daemons).allSatisfy(daemon -> {
                assertThat(daemon.mostResidentKilobytes()).isLessThan(MOST_RESIDENT_KB);
                assertThat(daemon.output()).doesNotContain("OutOfMemoryError", " ERROR ");
                assertThat(daemon.errors()).isEmpty();
            });
        }
    }
}
