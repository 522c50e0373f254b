package io.rowrelay.sandbox;

import io.rowrelay.sandbox.process.SandboxException;
import io.rowrelay.sandbox.stack.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a topic from its beginning and then what comes, one record a line: partition, offset, key, value. */
@Command(
        name = "read-topic",
        mixinStandardHelpOptions = true,
        description = "Prints a topic from its beginning, and then what comes, until Ctrl-C.")
final class ReadTopic implements Callable<Integer> {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Where Kafka is (default: ${DEFAULT-VALUE}).")
    private String bootstrapServers = Ports.LOOPBACK + ":" + Sandbox.KAFKA_PORT;

    @Option(names = "--topic", defaultValue = "bf_employee_cdc", description = "The topic (default: ${DEFAULT-VALUE}).")
    private String topic = "bf_employee_cdc";

    @Option(names = "--count", paramLabel = "N", description = "End after this many records.")
    private long count = Long.MAX_VALUE;

    @Override
    public Integer call() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                (int) ANSWER_TIMEOUT.toMillis(),
                "allow.auto.create.topics",
                false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            print(consumer);
        } catch (TimeoutException e) {
            throw new SandboxException("No answer from Kafka at " + bootstrapServers);
        }
        return CommandLine.ExitCode.OK;
    }

    private List<TopicPartition> partitions(KafkaConsumer<String, String> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new SandboxException("There is no topic " + topic + " at " + bootstrapServers);
        }
        return partitions;
    }

    private void print(KafkaConsumer<String, String> consumer) {
        long printed = 0;
        while (printed < count) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL_TIMEOUT)) {
                if (printed++ < count) {
                    System.out.printf(
                            "%d:%d\t%s\t%s%n",
                            record.partition(), record.offset(), printable(record.key()), printable(record.value()));
                }
            }
        }
    }

    /** Anybody who may write to the topic can put characters there that steer a terminal. */
    private static String printable(@Nullable String text) {
        return CONTROL.matcher(String.valueOf(text))
                .replaceAll(found -> "\\\\u%04x".formatted(found.group().codePointAt(0)));
    }
}
