package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A consumer is killed while the group shares out its partitions: whoever is left goes on with all of them. */
@Timeout(180)
class RebalanceFailpointsIT {
    private static final int ROWS = 200;

    private final LinkedStack stack = LinkedStack.shared();
    private final LinkedPipeline pipeline = new LinkedPipeline(stack).with("TOPIC_PARTITIONS", "6");

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    /** The one who comes goes by the producers' link, so that only its requests are held. */
    @ParameterizedTest(name = "request {0} of the one who comes is held, {1} is killed")
    @CsvSource("11, the one who comes")
    void while_another_joins(int apiKey, String killed) {
        oneIsKilledWhileAnotherJoins(apiKey, killed);
    }

    @Tag("nightly")
    @ParameterizedTest(name = "request {0} of the one who comes is held, {1} is killed")
    @CsvSource({"11, the one who was there", "14, the one who comes", "14, the one who was there"})
    void while_another_joins_the_other_ways(int apiKey, String killed) {
        oneIsKilledWhileAnotherJoins(apiKey, killed);
    }

    private void oneIsKilledWhileAnotherJoins(int apiKey, String killed) {
        DaemonProcess producer = pipeline.startProducer();
        DaemonProcess there = pipeline.startConsumer();
        pipeline.insert(ROWS);
        pipeline.awaitFinished();
        producer.kill();
        stack.producerToBroker().holdRequests(apiKey);
        DaemonProcess coming = pipeline.startConsumer(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + stack.producerToBroker().port()));
        await().atMost(Pipeline.PATIENCE).until(() -> stack.producerToBroker().held() > 0);

        DaemonProcess gone = killed.equals("the one who comes") ? coming : there;
        gone.kill();
        stack.producerToBroker().heal();
        pipeline.startProducer();
        pipeline.insert(ROWS);

        pipeline.awaitFinished();
        assertThat(pipeline.destinationRows()).hasSize(2 * ROWS);
        assertThat(pipeline.deadLetters()).isEmpty();
        DaemonProcess left = gone == coming ? there : coming;
        left.awaitReady();
        assertThat(left.output()).doesNotContain("ERROR");
    }
}
