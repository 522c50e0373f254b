package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.Topics;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What records cost that a CHECK of the destination refuses, as the rate at which a waiting topic is worked off, against
 * the rate without any in the same run. No test of the suite, for it judges nothing but the outcome: {@code mvn -B verify
 * -Pchaos -Dit.test=PoisonCosts}.
 */
@Timeout(1800)
class PoisonCosts {
    private static final Logger LOG = LoggerFactory.getLogger(PoisonCosts.class);
    private static final int CHANGES = 200_000;
    private static final int ROUNDS = 3;

    /** Which rows are refused. */
    private enum Mix {
        NONE("false", 0),
        ONE_IN_10_000("n % 10000 = 0", 20),
        A_THOUSAND_IN_A_ROW("n BETWEEN 100001 AND 101000", 1000),
        EVERY_SECOND("n % 2 = 0", CHANGES / 2);

        private final String condition;
        private final int refused;

        Mix(String condition, int refused) {
            this.condition = condition;
            this.refused = refused;
        }
    }

    @Test
    void measures_each_mix_against_good_records() throws Exception {
        rate(Mix.NONE); // warms the servers up, uncounted
        for (int round = 1; round <= ROUNDS; round++) {
            double good = rate(Mix.NONE);
            for (Mix mix : EnumSet.complementOf(EnumSet.of(Mix.NONE))) {
                double rate = rate(mix);
                LOG.info(
                        "refused={} changes/s={} of the good rate={}",
                        mix,
                        Math.round(rate),
                        Math.round(100 * rate / good) / 100.0);
            }
        }
    }

    /** Changes a second, from the first that is judged to the last. */
    private static double rate(Mix mix) throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(pipeline.destinationUrl(), "ALTER TABLE employees ADD CHECK (city <> 'Nowhere')");
            Databases.execute(
                    pipeline.sourceUrl(),
                    "INSERT INTO employees (emp_id, first_name, last_name, city) SELECT n, 'first ' || n, 'last ' || n,"
                            + " CASE WHEN " + mix.condition + " THEN 'Nowhere' ELSE 'Oslo' END FROM generate_series(1, "
                            + CHANGES + ") n");
            publishAll(pipeline);
            try (DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment())) {
                long before = awaitJudged(consumer, 1);
                long from = System.nanoTime();
                long after = awaitJudged(consumer, CHANGES);
                long nanos = System.nanoTime() - from;
                assertThat(pipeline.awaitDeadLetters(mix.refused)).hasSize(mix.refused);
                assertThat(Databases.query(pipeline.destinationUrl(), "SELECT count(*) FROM employees"))
                        .containsExactly("" + (CHANGES - mix.refused));
                return (after - before) * 1e9 / nanos;
            }
        }
    }

    private static void publishAll(Pipeline pipeline) {
        try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment())) {
            await().atMost(Pipeline.PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> producer.isAlive()
                            && Topics.read(pipeline.bootstrapServers(), pipeline.topic())
                                            .size()
                                    >= CHANGES);
        }
    }

    private static long awaitJudged(DaemonProcess consumer, long atLeast) {
        return await().atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(consumer::judgedRecords, judged -> judged >= atLeast);
    }
}
