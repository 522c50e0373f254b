package io.rowrelay.it.pipeline;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table without a primary key whose rows a unique index tells apart. */
@Timeout(180)
class UniqueKeyIT {
    private static final String TABLE = "CREATE TABLE stock (amount int, sku text NOT NULL, depot int NOT NULL)";
    private static final String INDEX = "CREATE UNIQUE INDEX stock_key ON stock (depot, sku)";
    private static final String ROWS = "SELECT ROW(depot, sku, amount)::text FROM stock ORDER BY 1";

    @Test
    void is_published_and_applied_and_every_command_finds_its_rows() throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("STREAM", "stock")
                .with("CHANGE_TABLE", "stock_cdc")
                .with("RECORD_SCHEMA", "none")) {
            execute(
                    pipeline.sourceUrl(),
                    TABLE,
                    INDEX,
                    "INSERT INTO stock VALUES (1, 'before', 1)",
                    "SELECT cdc_capture('stock', 'stock_cdc')");
            execute(pipeline.destinationUrl(), TABLE, INDEX, "SELECT cdc_destination('stock')");
            pipeline.start();

            execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO stock VALUES (10, 'a', 1), (20, 'a', 2), (30, 'b', 1)",
                    "UPDATE stock SET amount = 11 WHERE sku = 'a' AND depot = 1",
                    "UPDATE stock SET depot = depot + 1 WHERE sku = 'a'",
                    "DELETE FROM stock WHERE sku = 'b'");
            AdminRun.expecting(0, pipeline.environment(), "backfill");
            awaitSame(pipeline);
            assertThat(Databases.query(pipeline.destinationUrl(), ROWS))
                    .containsExactly("(1,before,1)", "(2,a,11)", "(3,a,20)");

            execute(
                    pipeline.destinationUrl(),
                    "UPDATE stock SET amount = 0 WHERE sku = 'a' AND depot = 2",
                    "DELETE FROM stock WHERE sku = 'before'");
            AdminRun.expecting(3, pipeline.environment(), "verify");
            AdminRun.expecting(0, pipeline.environment(), "verify", "--repair");
            awaitSame(pipeline);
            execute(pipeline.destinationUrl(), "INSERT INTO stock (sku, depot) VALUES ('extra', 9)");
            AdminRun.expecting(0, pipeline.environment(), "resync");
            awaitSame(pipeline);
        }
    }

    private static void awaitSame(Pipeline pipeline) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(Databases.query(pipeline.destinationUrl(), ROWS))
                        .isEqualTo(Databases.query(pipeline.sourceUrl(), ROWS)));
    }
}
