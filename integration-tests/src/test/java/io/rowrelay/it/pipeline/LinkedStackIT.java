package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stack of the fault tests carries changes by its links, and survives a killed broker. */
@Tag("nightly")
@Timeout(300)
class LinkedStackIT {
    @Test
    void carries_changes_by_the_links_only() {
        LinkedStack stack = LinkedStack.shared();
        try (DaemonProcess producer = new DaemonProcess("producer", stack.producerEnvironment());
                DaemonProcess consumer = new DaemonProcess("consumer", stack.consumerEnvironment())) {
            producer.awaitReady();
            consumer.awaitReady();
            insert(stack, "Oslo");
            awaitCity(stack, "Oslo");

            stack.broker().kill();
            stack.broker().start();
            insert(stack, "Rome");
            awaitCity(stack, "Rome");

            stack.brokerToConsumer().cut();
            insert(stack, "Bern");
            await().during(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(cities(stack)).doesNotContain("Bern"));
            stack.heal();
            awaitCity(stack, "Bern");
        }
    }

    private static void insert(LinkedStack stack, String city) {
        Databases.execute(stack.source().jdbcUrl(), "INSERT INTO employees (city) VALUES ('" + city + "')");
    }

    private static void awaitCity(LinkedStack stack, String city) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(cities(stack)).contains(city));
    }

    private static List<String> cities(LinkedStack stack) {
        return Databases.query(stack.destination().jdbcUrl(), "SELECT city FROM employees");
    }
}
