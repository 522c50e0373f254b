package io.rowrelay.sandbox;

import io.rowrelay.sandbox.process.SandboxException;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.sandbox.stack.StackBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the servers, and nothing that works on them. */
@Command(
        name = "stack",
        mixinStandardHelpOptions = true,
        description =
                "Starts two empty PostgreSQL databases and a Kafka broker, for streams of your own, until Ctrl-C.")
final class StackOnly implements Callable<Integer> {
    private final Screen screen = new Screen(System.out);

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the data here, and continue with what is there.")
    private @Nullable Path data;

    @Option(
            names = "--source-port",
            paramLabel = "PORT",
            description = "Port of the source (default: " + Sandbox.SOURCE_PORT + ", or any if that is taken).")
    private int sourcePort;

    @Option(
            names = "--destination-port",
            paramLabel = "PORT",
            description =
                    "Port of the destination (default: " + Sandbox.DESTINATION_PORT + ", or any if that is taken).")
    private int destinationPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of Kafka (default: " + Sandbox.KAFKA_PORT + ", or any if that is taken).")
    private int kafkaPort;

    @Override
    public Integer call() throws InterruptedException {
        StackBuilder builder = Stack.builder()
                .withoutTables()
                .ports(
                        port("--source-port", sourcePort, Sandbox.SOURCE_PORT),
                        port("--destination-port", destinationPort, Sandbox.DESTINATION_PORT),
                        port("--kafka-port", kafkaPort, Sandbox.KAFKA_PORT))
                .randomPasswords();
        if (data != null) {
            builder.directory(data);
        }
        Stack stack = builder.build();
        screen.title("Rowrelay stack");
        screen.info("Starting PostgreSQL and Kafka in %s ...", stack.directory());
        stack.start();
        Path settings = stack.directory().resolve("rowrelay.properties");
        StackSettings.write(settings, stack, List.of());
        screen.good("the source        %s", stack.source().psqlCommand());
        screen.good("the destination   %s", stack.destination().psqlCommand());
        screen.good("Kafka             %s", stack.kafka().bootstrapServers());
        screen.info("Settings for producer.jar, consumer.jar and bin/rowrelay: --config %s", settings);
        screen.title("Everything stays up. Ctrl-C ends it.");
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    private static int port(String option, int chosen, int usual) {
        if (chosen == 0) {
            return Ports.preferring(usual);
        }
        if (chosen < 1 || chosen > Ports.LARGEST) {
            throw new SandboxException("%s must be from 1 to %d: %d".formatted(option, Ports.LARGEST, chosen));
        }
        if (Ports.preferring(chosen) != chosen) {
            throw new SandboxException(
                    "%s: something listens on port %d already; choose another".formatted(option, chosen));
        }
        return chosen;
    }
}
