package io.rowrelay.sandbox.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The other end of {@link BrokerProcess}: a broker that says when it has started, and stops when its standard input ends,
 * as it does when the JVM dies that it was started for.
 *
 * <p>Arguments: the directory, the port, the three words that name its {@link KafkaNode}, then {@code name=value} for each property and {@code NAME:port:advertised:protocol} for
 * each listener.
 */
final class BrokerMain {
    static {
        // First of all: Kafka names its files by numbers, in the locale of the machine otherwise, with digits of its
        // own.
        Locale.setDefault(Locale.ROOT);
    }

    static final String STARTED = "broker started";

    private BrokerMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        EmbeddedBroker broker = new EmbeddedBroker(settings(List.of(arguments)));
        broker.start();
        out.println(STARTED);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                // Whatever is said, only the end counts.
            }
        }
        broker.close();
    }

    static List<String> arguments(KafkaSettings settings) {
        List<String> arguments =
                new ArrayList<>(List.of(settings.directory().toString(), Integer.toString(settings.port())));
        arguments.addAll(settings.node().arguments());
        settings.properties().forEach((name, value) -> arguments.add(name + "=" + value));
        settings.listeners()
                .forEach(each -> arguments.add(
                        each.name() + ":" + each.port() + ":" + each.advertisedPort() + ":" + each.protocol()));
        return arguments;
    }

    private static KafkaSettings settings(List<String> arguments) {
        Map<String, String> properties = new HashMap<>();
        List<KafkaListener> listeners = new ArrayList<>();
        for (String argument : arguments.subList(5, arguments.size())) {
            if (argument.contains("=")) {
                String[] property = argument.split("=", 2);
                properties.put(property[0], property[1]);
            } else {
                String[] listener = argument.split(":", -1);
                listeners.add(new KafkaListener(
                        listener[0],
                        Integer.parseInt(listener[1]),
                        Integer.parseInt(listener[2]),
                        SecurityProtocol.valueOf(listener[3])));
            }
        }
        return new KafkaSettings(
                KafkaNode.of(arguments.subList(2, 5)),
                Path.of(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                properties,
                listeners);
    }
}
