package io.rowrelay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several consumers of one group come and go in the middle of a load. */
@Timeout(180)
class SharedGroupIT {
    @Test
    void consumers_share_the_partitions_and_leave_in_the_middle_of_a_load() throws Exception {
        // A killed consumer says no goodbye: the group notices when its session is over.
        try (Pipeline pipeline = Pipeline.create().with("KAFKA_SESSION_TIMEOUT_MS", "6000")) {
            Databases.execute(
                    pipeline.sourceUrl(), "INSERT INTO employees (salary) SELECT 0 FROM generate_series(1, 200)");
            pipeline.startProducer();
            RunningDaemon closed = pipeline.startConsumer();
            RunningDaemon killed = pipeline.startConsumer();
            pipeline.awaitEqual();
            AtomicBoolean enough = new AtomicBoolean();
            Thread load = new Thread(() -> load(pipeline, enough));
            load.start();

            awaitProgress(pipeline, 1);
            closed.close();
            awaitProgress(pipeline, 2);
            pipeline.startConsumer();
            awaitProgress(pipeline, 2);
            killed.kill();
            awaitProgress(pipeline, 2);
            enough.set(true);
            load.join();

            pipeline.awaitEqual();
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
            assertThat(closed.failure()).isNull();
        }
    }

    private static void load(Pipeline pipeline, AtomicBoolean enough) {
        while (!enough.get()) {
            Databases.execute(
                    pipeline.sourceUrl(),
                    "UPDATE employees SET salary = salary + 1 WHERE emp_id % 10 = floor(random() * 10)",
                    "WITH gone AS (DELETE FROM employees WHERE emp_id IN (SELECT emp_id FROM employees ORDER BY random()"
                            + " LIMIT 3) RETURNING *) INSERT INTO employees SELECT * FROM gone",
                    "INSERT INTO employees (salary) SELECT 1 FROM generate_series(1, 20)");
        }
    }

    /** Waits until rows have arrived that were not there, the given number of times. */
    private static void awaitProgress(Pipeline pipeline, int times) {
        for (int i = 0; i < times; i++) {
            List<String> before = rows(pipeline);
            await().atMost(Pipeline.PATIENCE).until(() -> !rows(pipeline).equals(before));
        }
    }

    private static List<String> rows(Pipeline pipeline) {
        return Databases.query(pipeline.destinationUrl(), "SELECT max(emp_id) FROM employees");
    }
}
