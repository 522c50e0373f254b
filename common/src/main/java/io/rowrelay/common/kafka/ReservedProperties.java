package io.rowrelay.common.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The client properties that Rowrelay's guarantees rest on. Each is set by Rowrelay; the same value may be given, another
 * is refused with the reason.
 */
final class ReservedProperties {

    private static final String BYTES = "org.apache.kafka.common.serialization.ByteArray";

    /** Why a property is not the user's, and what it is set to; an empty value stands for "not set". */
    record Reserved(String property, String value, String reason) {}

    private static final List<Reserved> PRODUCER = List.of(
            new Reserved("acks", "all", "otherwise an acknowledged change could be lost with one broker"),
            new Reserved("enable.idempotence", "true", "otherwise a retry could put the changes of a row out of order"),
            new Reserved(
                    "delivery.timeout.ms",
                    Integer.toString(Integer.MAX_VALUE),
                    "otherwise changes that are given up in an outage could be overtaken by later changes of their rows"),
            new Reserved("retries", Integer.toString(Integer.MAX_VALUE), "an outage is waited out, never skipped"),
            new Reserved("transactional.id", "", "the producer keeps its checkpoint in the source, not in Kafka"),
            new Reserved("partitioner.class", "", "otherwise the changes of a row could go to two partitions"),
            new Reserved(
                    "partitioner.ignore.keys", "false", "otherwise the changes of a row could go to two partitions"),
            new Reserved(
                    "transaction.two.phase.commit.enable",
                    "false",
                    "the producer keeps its checkpoint in the source, not in Kafka"),
            new Reserved("key.serializer", BYTES + "Serializer", "the topic's format is a contract"),
            new Reserved("value.serializer", BYTES + "Serializer", "the topic's format is a contract"));

    private static final List<Reserved> CONSUMER = List.of(
            new Reserved(
                    "enable.auto.commit",
                    "false",
                    "otherwise an offset could be committed before its change is applied"),
            new Reserved(
                    "auto.offset.reset",
                    "none",
                    "otherwise changes that the topic no longer holds would be skipped silently"),
            new Reserved("allow.auto.create.topics", "false", "topics are created with TOPIC_PARTITIONS"),
            new Reserved("key.deserializer", BYTES + "Deserializer", "the topic's format is a contract"),
            new Reserved("value.deserializer", BYTES + "Deserializer", "the topic's format is a contract"));

    private static final List<Reserved> ANY = List.of(
            new Reserved("interceptor.classes", "", "records are sent unchanged"),
            new Reserved("bootstrap.controllers", "", "the daemons connect to brokers only"));

    private ReservedProperties() {}

    static Optional<Reserved> find(String property) {
        return all().filter(reserved -> reserved.property().equals(property)).findFirst();
    }

    static List<String> names() {
        return all().map(Reserved::property).sorted().toList();
    }

    static Map<String, Object> producer() {
        return values(PRODUCER);
    }

    static Map<String, Object> consumer() {
        return values(CONSUMER);
    }

    private static Stream<Reserved> all() {
        return Stream.of(PRODUCER, CONSUMER, ANY).flatMap(List::stream);
    }

    private static Map<String, Object> values(List<Reserved> properties) {
        Map<String, Object> values = new LinkedHashMap<>();
        properties.stream()
                .filter(reserved -> !reserved.value().isEmpty())
                .forEach(reserved -> values.put(reserved.property(), reserved.value()));
        return values;
    }
}
