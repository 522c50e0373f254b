package io.rowrelay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several consumers of one group come and go in the middle of a load. */
@Timeout(180)
class SharedGroupIT {
    @Test
    void consumers_share_the_partitions_and_leave_in_the_middle_of_a_load() throws Exception {
        // A killed consumer says no goodbye: the group notices when its session is over.
        try (Pipeline pipeline = Pipeline.create().with("KAFKA_SESSION_TIMEOUT_MS", "6000");
                Load load = new Load(pipeline)) {
            pipeline.startProducer();
            RunningDaemon closed = pipeline.startConsumer();
            RunningDaemon killed = pipeline.startConsumer();

            load.awaitArrivals(20);
            closed.close();
            load.awaitArrivals(20);
            pipeline.startConsumer();
            load.awaitArrivals(20);
            killed.kill();
            load.awaitArrivals(20);

            load.assertEqualAtTheEnd();
            assertThat(closed.failure()).isNull();
        }
    }
}
