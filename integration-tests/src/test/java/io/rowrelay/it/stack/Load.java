package io.rowrelay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;

/** A session that inserts, updates and deletes employees until it is closed. */
public final class Load implements AutoCloseable {
    private static final int ROWS = 200;

    private final Pipeline pipeline;
    private final Thread session = new Thread(this::run, "load");
    private volatile boolean enough;

    public Load(Pipeline pipeline) {
        this.pipeline = pipeline;
        Databases.execute(
                pipeline.sourceUrl(), "INSERT INTO employees (salary) SELECT 0 FROM generate_series(1, " + ROWS + ")");
        session.start();
    }

    private void run() {
        while (!enough) {
            Databases.execute(
                    pipeline.sourceUrl(),
                    "UPDATE employees SET salary = salary + 1 WHERE emp_id % 10 = floor(random() * 10)",
                    "WITH gone AS (DELETE FROM employees WHERE emp_id IN (SELECT emp_id FROM employees ORDER BY random()"
                            + " LIMIT 3) RETURNING *) INSERT INTO employees SELECT * FROM gone",
                    "INSERT INTO employees (salary) SELECT 1 FROM generate_series(1, 5)",
                    "DELETE FROM employees WHERE emp_id IN (SELECT emp_id FROM employees WHERE emp_id > " + ROWS
                            + " ORDER BY emp_id LIMIT 4)");
        }
    }

    /** Waits, so many times, until rows have arrived that were not there before. */
    public void awaitArrivals(int times) {
        for (int i = 0; i < times; i++) {
            List<String> before = newest();
            await("new rows in the destination").atMost(Pipeline.PATIENCE).until(() -> !newest().equals(before));
        }
    }

    private List<String> newest() {
        return Databases.query(pipeline.destinationUrl(), "SELECT max(emp_id) FROM employees");
    }

    /** Ends the load and compares both sides, while daemons of the pipeline run. */
    public void assertEqualAtTheEnd() throws InterruptedException {
        close();
        pipeline.awaitEqual();
        assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                .isEmpty();
    }

    /** The same, with new daemons. */
    public void assertEqualAfterARestart() throws InterruptedException {
        pipeline.start();
        awaitArrivals(2);
        assertEqualAtTheEnd();
    }

    @Override
    public void close() throws InterruptedException {
        enough = true;
        session.join();
    }
}
