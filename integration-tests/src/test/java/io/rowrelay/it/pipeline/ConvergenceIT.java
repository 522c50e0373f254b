package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.random.RandomSession;
import io.rowrelay.it.random.Relay;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever happens at the source, and however often, late and disordered it arrives: at the end the destination equals
 * the source. {@code -Drowrelay.runs=5000} makes more runs; {@code -Drowrelay.seed=...} repeats one.
 */
class ConvergenceIT {
    private static final Logger LOG = LoggerFactory.getLogger(ConvergenceIT.class);
    private static final int SESSIONS = 4;
    private static final int STEPS = 60;

    private final List<String> history = new ArrayList<>();

    @Test
    @Timeout(3600)
    void the_destination_ends_equal_to_the_source_after_any_history_and_delivery() throws Exception {
        long firstSeed = Long.getLong("rowrelay.seed", System.nanoTime());
        int runs = Integer.getInteger("rowrelay.runs", 30);
        LOG.info("runs={} with seeds from -Drowrelay.seed={}", runs, firstSeed);
        try (Pipeline pipeline = Pipeline.create();
                Connection source = pipeline.source();
                Connection destination = pipeline.destination();
                Relay relay = new Relay(
                        pipeline.sourceUrl(),
                        pipeline.destinationUrl(),
                        () -> Databases.query(source, "SELECT pg_current_snapshot()")
                                .get(0),
                        history::add)) {
            List<RandomSession> sessions = new ArrayList<>();
            for (int number = 0; number < SESSIONS; number++) {
                sessions.add(new RandomSession(pipeline.topic() + "-" + number, pipeline.sourceUrl(), 1, history::add));
            }
            for (long seed = firstSeed; seed < firstSeed + runs; seed++) {
                run(seed, source, destination, relay, sessions);
            }
            for (RandomSession session : sessions) {
                session.close();
            }
        }
    }

    private void run(long seed, Connection source, Connection destination, Relay relay, List<RandomSession> sessions) {
        try {
            Random random = new Random(seed);
            relay.reset(1 + random.nextInt(4));
            Databases.execute(source, "TRUNCATE employees", "TRUNCATE emp_cdc", "DELETE FROM cdc_offset");
            Databases.execute(destination, "TRUNCATE employees, cdc_tombstone");
            history.clear();
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(3) > 0) {
                    sessions.get(random.nextInt(SESSIONS)).step(random);
                } else {
                    relay.step(random);
                }
            }
            sessions.forEach(session -> session.end(random));
            relay.finish(random);
            assertThat(rows(destination)).isEqualTo(rows(source));
        } catch (Exception | AssertionError failure) {
            throw new AssertionError(
                    "-Drowrelay.seed=" + seed + " -Drowrelay.runs=1\n" + String.join("\n", history), failure);
        }
    }

    private static List<String> rows(Connection connection) {
        return Databases.query(
                connection,
                "SELECT ROW(emp_id, first_name, last_name, dob, city, salary)::text FROM employees ORDER BY emp_id");
    }
}
