package io.rowrelay.sandbox.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a Kafka broker of the sandbox is to be.
 *
 * @param node which node of which cluster it is
 * @param directory where its data lives; made if missing, continued if there is data in it
 * @param port the port for clients, or zero for any free one
 * @param properties broker properties that come on top of the sandbox's own
 * @param listeners further ways in
 */
record KafkaSettings(
        KafkaNode node, Path directory, int port, Map<String, String> properties, List<KafkaListener> listeners) {
    KafkaSettings {
        listeners = List.copyOf(listeners);
        properties = Map.copyOf(properties);
    }
}
