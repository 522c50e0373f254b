package io.rowrelay.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.SecuredStack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The daemons and each command over TLS, with the rights and ACLs of docs/operate/security.md and no others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class SecuredStackIT {
    private SecuredStack stack;
    private RunningDaemon producer;
    private RunningDaemon consumer;

    @BeforeAll
    void start() {
        stack = SecuredStack.start();
        stack.setAcls(DocumentedAcls.of("producer", "User:" + SecuredStack.PRODUCER));
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    @Test
    void changes_travel() {
        stack.setAcls(java.util.stream.Stream.concat(
                        DocumentedAcls.of("producer", "User:" + SecuredStack.PRODUCER).stream(),
                        DocumentedAcls.of("consumer", "User:CN=" + SecuredStack.CONSUMER).stream())
                .toList());
        try (RunningDaemon p = stack.startProducer(stack.producer());
                RunningDaemon c = stack.startConsumer(stack.consumer())) {
            stack.execute(stack.source(), "INSERT INTO employees (first_name) VALUES ('Ada')");
            await().atMost(java.time.Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(stack.rows(stack.destination()))
                            .as(p.reasons() + " " + c.reasons())
                            .isEqualTo(stack.rows(stack.source()))
                            .isNotEmpty());
        }
    }
}
