package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.random.RandomSession;
import io.rowrelay.it.random.Redelivery;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The property of {@code ConvergenceIT} with whole daemons and sessions that really run at once: producers and consumers
 * are killed, stopped, doubled and cut off, records are sent again in any order, partitions are added. {@code
 * -Drowrelay.rounds=100} makes more rounds, {@code -Drowrelay.seed=...} repeats the choices, though not the timing.
 */
class KilledDaemonsIT {
    private static final Logger LOG = LoggerFactory.getLogger(KilledDaemonsIT.class);
    private static final int SESSIONS = 3;
    private static final int STEPS = 250;
    private static final int MOST_DAEMONS = 2;
    private static final String CUT_OFF =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND application_name LIKE 'rowrelay-%'";

    private final List<RunningDaemon> producers = new ArrayList<>();
    private final List<RunningDaemon> consumers = new ArrayList<>();
    private final List<RunningDaemon> notKilled = new ArrayList<>();

    @Test
    @Timeout(3600)
    void the_destination_ends_equal_to_the_source_whatever_happens_to_the_daemons() throws Exception {
        long firstSeed = Long.getLong("rowrelay.seed", System.nanoTime());
        int rounds = Integer.getInteger("rowrelay.rounds", 4);
        LOG.info("rounds={} with seeds from -Drowrelay.seed={}", rounds, firstSeed);
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        try (Pipeline pipeline = Pipeline.create().with("PAGE_SIZE", "7").with("KAFKA_SESSION_TIMEOUT_MS", "6000")) {
            for (long seed = firstSeed; seed < firstSeed + rounds; seed++) {
                run(new Random(seed), pipeline, threads);
                LOG.info(
                        "equal after seed={} rows={}",
                        seed,
                        pipeline.sourceRows("employees").size());
            }
            assertThat(notKilled).extracting(RunningDaemon::failure).containsOnlyNulls();
            assertThat(Topics.read(pipeline.bootstrapServers(), pipeline.deadLetterTopic()))
                    .isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private void run(Random random, Pipeline pipeline, ExecutorService threads) throws Exception {
        List<Future<?>> writers = new ArrayList<>();
        for (int number = 0; number < SESSIONS; number++) {
            Random own = new Random(random.nextLong());
            RandomSession session =
                    new RandomSession(pipeline.topic() + "-" + number, pipeline.sourceUrl(), 100, line -> {});
            writers.add(threads.submit(() -> write(session, own)));
        }
        atLeastOne(pipeline);
        Redelivery redelivery = new Redelivery(pipeline.bootstrapServers(), pipeline.topic());
        for (Future<?> writer : writers) {
            while (!ended(writer)) {
                disturb(random, pipeline, redelivery);
            }
        }
        atLeastOne(pipeline);
        redelivery.sendAgain(random, 50);
        pipeline.awaitEqual();
    }

    private static void write(RandomSession session, Random random) {
        try (session) {
            for (int step = 0; step < STEPS; step++) {
                session.step(random);
            }
            session.end(random);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static boolean ended(Future<?> writer) throws Exception {
        try {
            writer.get(150, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillWriting) {
            return false;
        }
    }

    private void atLeastOne(Pipeline pipeline) {
        if (producers.isEmpty()) {
            start(producers, pipeline::startProducer);
        }
        if (consumers.isEmpty()) {
            start(consumers, pipeline::startConsumer);
        }
    }

    private void start(List<RunningDaemon> daemons, Supplier<RunningDaemon> starter) {
        if (daemons.size() < MOST_DAEMONS) {
            RunningDaemon started = starter.get();
            daemons.add(started);
            notKilled.add(started);
        }
    }

    private void disturb(Random random, Pipeline pipeline, Redelivery redelivery) throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> start(producers, pipeline::startProducer);
            case 3, 4 -> end(random, producers);
            case 5, 6, 7 -> start(consumers, pipeline::startConsumer);
            case 8 -> end(random, consumers);
            case 9 -> redelivery.sendAgain(random, 30);
            case 10 ->
                Databases.query(random.nextBoolean() ? pipeline.sourceUrl() : pipeline.destinationUrl(), CUT_OFF);
            default -> {
                if (random.nextInt(5) == 0) {
                    redelivery.addPartition();
                }
            }
        }
    }

    private void end(Random random, List<RunningDaemon> daemons) {
        if (!daemons.isEmpty()) {
            RunningDaemon ended = daemons.remove(random.nextInt(daemons.size()));
            if (random.nextInt(3) > 0) {
                notKilled.remove(ended);
                ended.kill();
            } else {
                ended.close();
            }
        }
    }
}
