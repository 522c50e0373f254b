package io.rowrelay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Signals;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The consumer does not wait for the destination's disk: what a crash of the server takes back is applied again. */
@Timeout(300)
class LostCommitsIT {
    private static final int ROWS = 500;

    @Test
    void commits_that_a_crash_of_the_destination_undoes_are_made_again() throws Exception {
        try (LinkedStack stack = LinkedStack.start(Map.of());
                LinkedPipeline pipeline = new LinkedPipeline(stack)) {
            pipeline.startProducer();
            DaemonProcess consumer = pipeline.startConsumer();
            pipeline.insert(ROWS);
            pipeline.awaitFinished();
            // From here on nothing reaches the disk unless somebody waits for it.
            Signals.suspend(walWriter(stack));
            pipeline.insert(ROWS);
            pipeline.awaitFinished();

            stack.consumerToDestination().cut();
            stack.destination().kill();
            stack.destination().start();
            assertThat(pipeline.destinationRows()).hasSize(ROWS);
            stack.heal();

            pipeline.awaitFinished();
            assertThat(consumer.output())
                    .contains("lost the last commits in a crash", "nothing is lost")
                    .doesNotContain("ERROR");
        }
    }

    private static long walWriter(LinkedStack stack) {
        return Long.parseLong(Databases.query(
                        stack.destination().jdbcUrl(),
                        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
                .get(0));
    }
}
