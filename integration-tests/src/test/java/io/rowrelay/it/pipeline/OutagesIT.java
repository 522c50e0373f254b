package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonLog;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Link;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.sandbox.process.JarProcess;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever is down, for longer than the daemons' time-outs: they say so once, are not ready, stay in the group, and are back
 * within seconds of the recovery, by themselves. The same two daemons live through all of it. {@code
 * -Drowrelay.outage.seconds=330} is longer than what Kafka's clients wait for at most, too.
 */
@Timeout(900)
@Tag("nightly")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutagesIT {
    private static final Logger LOG = LoggerFactory.getLogger(OutagesIT.class);
    private static final Duration LONGER_THAN_TIME_OUTS =
            Duration.ofSeconds(Integer.getInteger("rowrelay.outage.seconds", 12));
    private static final Duration RECOVERY = Duration.ofSeconds(5);
    /** How long a connection that nothing comes back over is believed in. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final LinkedStack stack = LinkedStack.shared();
    private LinkedPipeline pipeline;
    private DaemonProcess producer;
    private DaemonProcess consumer;

    /** How a link is down. */
    enum Way {
        REFUSED,
        STALLED,
        SILENT;

        void apply(Link link) {
            switch (this) {
                case REFUSED -> link.cut();
                case STALLED -> link.stall();
                case SILENT -> link.stallReplies();
            }
        }
    }

    @BeforeAll
    void start() {
        pipeline = new LinkedPipeline(stack).with("KAFKA_SESSION_TIMEOUT_MS", "6000");
        producer = pipeline.startProducer();
        consumer = pipeline.startConsumer();
    }

    @BeforeEach
    void awaitCalm() {
        producer.awaitReady();
        consumer.awaitReady();
        pipeline.insert(1);
        pipeline.awaitFinished();
    }

    @AfterAll
    void close() throws Exception {
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource
    void databases_out_of_reach(Way way) {
        outlast(
                () -> {
                    way.apply(stack.sourceToProducer());
                    way.apply(stack.consumerToDestination());
                },
                stack::heal,
                "source database",
                "destination");
    }

    @ParameterizedTest
    @EnumSource
    void kafka_out_of_reach(Way way) {
        outlast(
                () -> {
                    way.apply(stack.producerToBroker());
                    way.apply(stack.brokerToConsumer());
                },
                stack::heal,
                "Kafka",
                "Kafka");
    }

    @Test
    void databases_stopped() {
        outlast(
                () -> {
                    stack.source().stop();
                    stack.destination().stop();
                },
                () -> {
                    stack.source().start();
                    stack.destination().start();
                },
                "source database",
                "destination");
    }

    @Test
    void broker_killed() {
        outlast(() -> stack.broker().kill(), () -> stack.broker().start(), "Kafka", "Kafka");
    }

    private void outlast(Runnable breaks, Runnable mends, String producersReason, String consumersReason) {
        DaemonLog producerLog = new DaemonLog(producer);
        DaemonLog consumerLog = new DaemonLog(consumer);
        breaks.run();
        await().atMost(Pipeline.PATIENCE).untilAsserted(() -> {
            assertNotReady(producer, producersReason);
            assertNotReady(consumer, consumersReason);
        });
        await().during(LONGER_THAN_TIME_OUTS)
                .atMost(LONGER_THAN_TIME_OUTS.plus(RECOVERY))
                .untilAsserted(() -> {
                    assertNotReady(producer, producersReason);
                    assertNotReady(consumer, consumersReason);
                });

        mends.run();
        long mendedAt = System.nanoTime();
        pipeline.insert(1);

        await().atMost(RECOVERY).pollInterval(Duration.ofMillis(50)).untilAsserted(this::assertWorking);
        LOG.info(
                "working again after ms={}",
                Duration.ofNanos(System.nanoTime() - mendedAt).toMillis());
        assertSaidOnce(producerLog);
        assertSaidOnce(consumerLog);
        if (!consumersReason.equals("Kafka")) {
            assertThat(consumerLog.with("partitions "))
                    .as("changes of the consumer's share")
                    .isEmpty();
        }
    }

    private void assertWorking() {
        assertThat(pipeline.destinationRows()).isEqualTo(pipeline.sourceRows());
        assertThat(producer.get("/health/ready").status()).isEqualTo(200);
        assertThat(consumer.get("/health/ready").status()).isEqualTo(200);
    }

    private static void assertNotReady(DaemonProcess daemon, String reason) {
        JarProcess.Page page = daemon.get("/health/ready");
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.body()).contains(reason);
    }

    private static void assertSaidOnce(DaemonLog log) {
        assertThat(log.alarms()).hasSize(1);
        assertThat(log.with("working again after")).hasSize(1);
    }

    @Test
    void connections_dead_for_ever_while_new_ones_work() {
        DaemonLog producerLog = new DaemonLog(producer);
        DaemonLog consumerLog = new DaemonLog(consumer);
        for (Link link : List.of(
                stack.sourceToProducer(),
                stack.producerToBroker(),
                stack.brokerToConsumer(),
                stack.consumerToDestination())) {
            abandonConnections(link);
        }
        pipeline.insert(1);

        await().atMost(SILENCE.multipliedBy(3).plus(RECOVERY)).untilAsserted(this::assertWorking);
        assertThat(producerLog.alarms()).hasSizeLessThanOrEqualTo(2);
        assertThat(consumerLog.alarms()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void connection_dead_in_the_middle_of_a_batch() throws Exception {
        try (Connection holder = pipeline.session(pipeline.destinationUrl())) {
            holder.setAutoCommit(false);
            Databases.execute(holder, "LOCK TABLE employees IN EXCLUSIVE MODE");
            pipeline.insert(1);
            pipeline.awaitLockWait(pipeline.destinationUrl(), "employees");

            abandonConnections(stack.consumerToDestination());
            holder.rollback();
        }

        await().atMost(SILENCE.plus(RECOVERY)).untilAsserted(this::assertWorking);
    }

    /** The server's keep-alives notice, and it lets go of the locks; the daemons hear nothing. */
    private static void abandonConnections(Link link) {
        link.abandonConnections();
        link.giveUpAbandoned();
    }
}
