package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Pipeline;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are no plain ones with a primary key. */
@Timeout(180)
class TableKindsIT {
    private static final String COLUMNS = "CREATE TABLE stock (amount int, sku text NOT NULL, depot int NOT NULL";
    private static final String WITH_UNIQUE_INDEX = COLUMNS + "); CREATE UNIQUE INDEX stock_key ON stock (depot, sku)";
    private static final String WITH_PRIMARY_KEY = COLUMNS + ", PRIMARY KEY (depot, sku))";
    private static final String PARTITIONED = WITH_PRIMARY_KEY + """
             PARTITION BY RANGE (depot);
            CREATE TABLE stock_first PARTITION OF stock FOR VALUES FROM (1) TO (2);
            CREATE TABLE stock_others PARTITION OF stock DEFAULT""";
    private static final String ROWS = "SELECT ROW(depot, sku, amount)::text FROM stock ORDER BY 1";

    static Stream<Arguments> kinds() {
        return Stream.of(
                arguments(named("a unique index for a key", WITH_UNIQUE_INDEX), WITH_UNIQUE_INDEX),
                arguments(named("partitions", PARTITIONED), WITH_PRIMARY_KEY));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void are_published_and_applied_and_every_command_finds_their_rows(String source, String destination)
            throws Exception {
        try (Pipeline pipeline = stock()) {
            execute(
                    pipeline.sourceUrl(),
                    source,
                    "INSERT INTO stock VALUES (1, 'before', 1)",
                    "SELECT cdc_capture('stock', 'stock_cdc')");
            execute(pipeline.destinationUrl(), destination, "SELECT cdc_destination('stock')");
            pipeline.start();

            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO stock VALUES (10, 'a', 1), (20, 'a', 2), (30, 'b', 1)",
                    "UPDATE stock SET amount = 11 WHERE sku = 'a' AND depot = 1",
                    "UPDATE stock SET depot = depot + 10 WHERE sku = 'a'",
                    "DELETE FROM stock WHERE sku = 'b'");
            AdminRun.expecting(0, pipeline.environment(), "backfill");
            awaitSame(pipeline);
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS))
                    .containsExactly("(1,before,1)", "(11,a,11)", "(12,a,20)");

            execute(
                    pipeline.destinationUrl(),
                    "UPDATE stock SET amount = 0 WHERE sku = 'a' AND depot = 12",
                    "DELETE FROM stock WHERE sku = 'before'");
            AdminRun.expecting(3, pipeline.environment(), "verify");
            AdminRun.expecting(0, pipeline.environment(), "verify", "--repair");
            awaitSame(pipeline);
            execute(pipeline.destinationUrl(), "INSERT INTO stock (sku, depot) VALUES ('extra', 9)");
            AdminRun.expecting(0, pipeline.environment(), "resync");
            awaitSame(pipeline);
        }
    }

    @Test
    void a_partition_that_is_new_stops_nothing_and_doctor_says_what_it_lacks() throws Exception {
        try (Pipeline pipeline = stock()) {
            execute(
                    pipeline.sourceUrl(),
                    PARTITIONED,
                    "SELECT cdc_capture('stock', 'stock_cdc')",
                    "CREATE TABLE stock_second PARTITION OF stock FOR VALUES FROM (2) TO (3)");
            execute(pipeline.destinationUrl(), WITH_PRIMARY_KEY, "SELECT cdc_destination('stock')");
            pipeline.start();

            execute(pipeline.sourceUrl(), "INSERT INTO stock_second VALUES (1, 'a', 2)");

            awaitSame(pipeline);
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS)).hasSize(1);
            assertThat(DoctorRun.of(pipeline.environment()).ids()).containsExactly("partition-trigger");
        }
    }

    private static Pipeline stock() {
        return Pipeline.create()
                .with("STREAM", "stock")
                .with("CHANGE_TABLE", "stock_cdc")
                .with("RECORD_SCHEMA", "none");
    }

    private static void awaitSame(Pipeline pipeline) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Databases.query(pipeline.destinationUrl(), ROWS))
                        .isEqualTo(Databases.query(pipeline.sourceUrl(), ROWS)));
    }
}
