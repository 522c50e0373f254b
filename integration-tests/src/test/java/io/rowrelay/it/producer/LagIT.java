package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Pipeline;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the daemons say of their lag while they cannot work: what waits, or that they do not know, but never a 0 of before. */
@Timeout(240)
class LagIT {
    private static final String CHANGES = "rowrelay_lag_changes";
    private static final String SECONDS = "rowrelay_lag_seconds";

    private final Pipeline pipeline = Pipeline.create();
    private final String role = "role_" + pipeline.topic();

    @BeforeEach
    void createRoles() {
        execute(
                pipeline.sourceUrl(),
                "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                "SELECT cdc_grant('emp_cdc', '" + role + "')");
        execute(
                pipeline.destinationUrl(),
                "DO $$ BEGIN CREATE ROLE " + role
                        + " LOGIN PASSWORD 'cdc'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "SELECT cdc_grant_destination('employees', '" + role + "')");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void a_consumer_counts_what_waits_for_a_destination_that_is_down_also_after_a_restart() {
        pipeline.startProducer();
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        environment.put("DESTINATION_DB_USER", role);
        execute(pipeline.sourceUrl(), insert(10));
        try (DaemonProcess consumer = new DaemonProcess("consumer", environment).awaitReady()) {
            pipeline.awaitEqual();
            awaitNumber(consumer, CHANGES, 0, 0);
            awaitNumber(consumer, SECONDS, 0, 0);

            execute(
                    pipeline.destinationUrl(),
                    "ALTER ROLE " + role + " NOLOGIN",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
            execute(pipeline.sourceUrl(), insert(500));

            awaitNumber(consumer, CHANGES, 500, 500);
            awaitNumber(consumer, SECONDS, 3, 200);
        }
        try (DaemonProcess restarted = new DaemonProcess("consumer", environment)) {
            awaitNumber(restarted, CHANGES, 500, 500);
            awaitNumber(restarted, SECONDS, 5, 200);
            assertThat(restarted.get("/health/ready").status()).isEqualTo(503);

            execute(pipeline.destinationUrl(), "ALTER ROLE " + role + " LOGIN");
            pipeline.awaitEqual();
            awaitNumber(restarted, CHANGES, 0, 0);
            awaitNumber(restarted, SECONDS, 0, 0);
        }
    }

    @Tag("nightly")
    @Test
    void a_producer_counts_what_waits_while_it_does_not_publish_and_knows_nothing_when_it_cannot_read() {
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        environment.put("SOURCE_DB_USER", role);
        try (DaemonProcess active = new DaemonProcess("producer", environment).awaitReady();
                DaemonProcess standby = new DaemonProcess("producer", environment).awaitReady()) {
            awaitNumber(active, SECONDS, 0, 0);
            awaitNumber(standby, CHANGES, 0, 0);
            awaitNumber(standby, "rowrelay_paused", Double.NaN, Double.NaN);

            execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET paused_at = now(), paused_by = 'somebody'");
            awaitNumber(active, "rowrelay_paused", 1, 1);
            execute(pipeline.sourceUrl(), insert(7));
            for (DaemonProcess producer : new DaemonProcess[] {active, standby}) {
                awaitNumber(producer, CHANGES, 7, 7);
                awaitNumber(producer, SECONDS, 1, 200);
            }
            execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET paused_at = NULL, paused_by = NULL");
            awaitNumber(active, CHANGES, 0, 0);
            awaitNumber(standby, CHANGES, 0, 0);

            execute(pipeline.sourceUrl(), "REVOKE SELECT ON emp_cdc FROM " + role, insert(3));
            for (DaemonProcess producer : new DaemonProcess[] {active, standby}) {
                awaitNumber(producer, CHANGES, Double.NaN, Double.NaN);
                awaitNumber(producer, SECONDS, Double.NaN, Double.NaN);
            }
            execute(pipeline.sourceUrl(), "GRANT SELECT ON emp_cdc TO " + role);
            awaitNumber(active, CHANGES, 0, 0);
            awaitNumber(active, SECONDS, 0, 0);
        }
    }

    private static void awaitNumber(DaemonProcess daemon, String metric, double least, double most) {
        await(metric + " from " + least + " to " + most)
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> {
                    double number = daemon.get("/metrics")
                            .body()
                            .lines()
                            .filter(line -> line.startsWith(metric + "{"))
                            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("there is no " + metric));
                    if (Double.isNaN(least)) {
                        assertThat(number).isNaN();
                    } else {
                        assertThat(number).isBetween(least, most);
                    }
                });
    }

    private static String insert(int rows) {
        return "INSERT INTO employees (salary) SELECT n FROM generate_series(1, " + rows + ") n";
    }
}
