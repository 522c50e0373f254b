package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RotatedLogin;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A password for Kafka that the brokers take no more, and that stands anew in its file only some time after. */
@Tag("nightly")
@Timeout(300)
class RotatedSecretsIT {
    private final LinkedStack stack = LinkedStack.shared();

    @Test
    void every_client_with_the_refused_password_is_replaced_and_nothing_is_missed(@TempDir Path directory)
            throws Exception {
        RotatedLogin login = new RotatedLogin(stack, directory, "old");
        try (LinkedPipeline pipeline = new LinkedPipeline(stack)) {
            DaemonProcess producer = pipeline.startProducer(login.settings());
            DaemonProcess consumer = pipeline.startConsumer(login.settings()).awaitReady();
            pipeline.insert(10);
            pipeline.awaitFinished();

            login.brokersTake("new");
            pipeline.insert(10);
            for (DaemonProcess daemon : List.of(producer, consumer)) {
                await("what is opened anew to be refused as well")
                        .atMost(Pipeline.PATIENCE)
                        .until(() -> daemon.get("/health/ready").body().contains("SaslAuthenticationException"));
            }
            login.fileSays("new");

            pipeline.awaitFinished();
            producer.awaitReady();
            consumer.awaitReady();
            assertThat(producer.output() + consumer.output())
                    .as("neither ours nor Kafka's, which would come with each attempt")
                    .doesNotContain("ERROR");
        }
    }
}
