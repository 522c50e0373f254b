package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Pipeline;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of docs/use/first-stream.md: the real jars, one environment, roles with the least rights, only STREAM. */
@Timeout(240)
class FirstStreamIT {
    private static final String COLUMNS =
            " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric(10, 2) NOT NULL, note text)";

    private final Pipeline pipeline = Pipeline.create();
    private final String table = pipeline.topic();
    private final String role = "role_" + table;

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void ends_with_equal_tables() throws Exception {
        execute(
                pipeline.sourceUrl(),
                "CREATE TABLE " + table + COLUMNS,
                "INSERT INTO " + table + " (total, note) SELECT n / 7.0, 'note ' || n FROM generate_series(1, 2000) n",
                "SELECT cdc_capture('" + table + "', '" + table + "_cdc')",
                "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'",
                "SELECT cdc_grant('" + table + "_cdc', '" + role + "')");
        execute(
                pipeline.destinationUrl(),
                "CREATE TABLE " + table + COLUMNS,
                "SELECT cdc_destination('" + table + "')",
                "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'",
                "SELECT cdc_grant_destination('" + table + "', '" + role + "')");
        Map<String, String> environment = new HashMap<>(Map.of(
                "STREAM",
                table,
                "SOURCE_DB_URL",
                pipeline.sourceUrl(),
                "SOURCE_DB_USER",
                role,
                "SOURCE_DB_PASSWORD",
                "secret",
                "DESTINATION_DB_URL",
                pipeline.destinationUrl(),
                "DESTINATION_DB_USER",
                role,
                "DESTINATION_DB_PASSWORD",
                "secret",
                "KAFKA_BOOTSTRAP_SERVERS",
                pipeline.bootstrapServers(),
                "PRODUCER_HTTP_PORT",
                "0",
                "CONSUMER_HTTP_PORT",
                "0"));
        environment.put("HTTP_HOST", "127.0.0.1");
        Map<String, String> owner = new HashMap<>(environment);
        owner.keySet().removeIf(name -> name.endsWith("_USER") || name.endsWith("_PASSWORD"));

        try (DaemonProcess producer = new DaemonProcess("producer", environment);
                DaemonProcess consumer = new DaemonProcess("consumer", environment)) {
            awaitReady(producer);
            awaitReady(consumer);

            assertThat(admin(owner, "backfill", table)).contains("2000 of 2000 rows", "has arrived");
            execute(
                    pipeline.sourceUrl(),
                    "UPDATE " + table + " SET total = 0 WHERE id % 3 = 0",
                    "DELETE FROM " + table + " WHERE id % 5 = 0");
            assertThat(admin(owner, "verify", table)).contains("equal").doesNotContain("NOT");
            assertThat(admin(owner, "doctor", table)).contains("problems=0");
        }
        pipeline.awaitEqual(table);
    }

    private static void awaitReady(DaemonProcess daemon) {
        await("ready")
                .atMost(Pipeline.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(daemon.get("/health/ready").status()).isEqualTo(200));
    }

    private static String admin(Map<String, String> environment, String... arguments) {
        return AdminRun.expecting(0, environment, arguments).output();
    }
}
