package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Brokers;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.sandbox.stack.BrokerProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a cluster of three brokers, of which two have to have a record before it is acknowledged, costs no change. */
@Tag("nightly")
@Timeout(300)
class BrokerClusterIT {
    private static LinkedStack stack;
    private LinkedPipeline pipeline;
    private Brokers brokers;
    private int written;

    @BeforeAll
    static void start() {
        stack = LinkedStack.startCluster(3, Map.of("fsync", "off", "max_connections", "200"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @BeforeEach
    void replicate() throws Exception {
        pipeline = new LinkedPipeline(stack).with("TOPIC_PARTITIONS", "3");
        brokers = new Brokers(stack);
        pipeline.startProducer();
        pipeline.startConsumer();
        insertAndAwait();
    }

    @AfterEach
    void close() throws Exception {
        brokers.startAll();
        pipeline.close();
    }

    @Test
    void a_rolling_restart_costs_no_change() {
        brokers.restartInTurn(pipeline.topic());

        insertAndAwait();
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void a_killed_leader_costs_no_change() {
        brokers.leader(pipeline.topic()).kill();

        insertAndAwait();
    }

    @Test
    void a_killed_controller_costs_no_change() {
        brokers.controller().kill();

        insertAndAwait();
    }

    @Test
    void two_of_three_gone_is_an_outage_that_ends_when_they_are_back() {
        List<BrokerProcess> gone = brokers.killTwo();
        insert();

        brokers.startAll();

        assertThat(gone).allMatch(BrokerProcess::isRunning);
        awaitEqual();
        insertAndAwait();
    }

    /** It takes back what was acknowledged, partly applied and partly not: the producer publishes it again. */
    @Test
    void a_leader_elected_from_replicas_that_lag_costs_no_change() {
        brokers.loseTail(pipeline.topic(), () -> {
            insertAndAwait();
        });

        insertAndAwait();
    }

    private void insert() {
        pipeline.insert(100);
        written += 100;
    }

    private void insertAndAwait() {
        insert();
        awaitEqual();
    }

    private void awaitEqual() {
        await("source and destination to be equal")
                .atMost(Pipeline.PATIENCE.multipliedBy(2))
                .untilAsserted(() ->
                        assertThat(pipeline.destinationRows()).hasSize(written).isEqualTo(pipeline.sourceRows()));
    }
}
