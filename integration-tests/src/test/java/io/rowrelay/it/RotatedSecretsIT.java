package io.rowrelay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonLog;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A secret for Kafka that is rotated in its file while the clients that were opened with it fail. */
@Tag("nightly")
@Timeout(300)
class RotatedSecretsIT {
    private final LinkedStack stack = LinkedStack.shared();

    @Test
    void clients_that_fail_after_the_rotation_are_replaced_and_nothing_is_missed(@TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "old");
        try (LinkedPipeline pipeline = new LinkedPipeline(stack).with("KAFKA_SSL_KEY_PASSWORD_FILE", file.toString())) {
            DaemonProcess producer = pipeline.startProducer();
            DaemonProcess consumer = pipeline.startConsumer();
            pipeline.insert(10);
            pipeline.awaitFinished();

            stack.producerToBroker().cut();
            stack.brokerToConsumer().cut();
            Files.writeString(file, "new");
            pipeline.insert(10);
            for (DaemonProcess daemon : List.of(producer, consumer)) {
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> !new DaemonLog(daemon)
                                .with("secrets for Kafka have changed in their files")
                                .isEmpty());
            }
            stack.heal();

            pipeline.awaitFinished();
            producer.awaitReady();
            consumer.awaitReady();
            assertThat(producer.output() + consumer.output()).doesNotContain("ERROR");
        }
    }
}
