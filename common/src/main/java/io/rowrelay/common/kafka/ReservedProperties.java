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
            new Reserved("acks", "all", "else a change that was acknowledged could be lost with one broker"),
            new Reserved("enable.idempotence", "true", "else a retry could put the changes of a row out of order"),
            new Reserved(
                    "delivery.timeout.ms",
                    Integer.toString(Integer.MAX_VALUE),
                    "else a batch given up in an outage would let later changes of a row overtake it"),
            new Reserved("retries", Integer.toString(Integer.MAX_VALUE), "an outage is outlasted, never skipped"),
            new Reserved("transactional.id", "", "the producer's checkpoint is kept in the source, not in Kafka"),
            new Reserved("partitioner.class", "", "else the changes of one row could land in two partitions"),
            new Reserved(
                    "partitioner.ignore.keys", "false", "else the changes of one row could land in two partitions"),
            new Reserved("transaction.two.phase.commit.enable", "false", "the checkpoint is kept in the source"),
            new Reserved("key.serializer", BYTES + "Serializer", "the topic's format is a contract"),
            new Reserved("value.serializer", BYTES + "Serializer", "the topic's format is a contract"));

    private static final List<Reserved> CONSUMER = List.of(
            new Reserved("enable.auto.commit", "false", "else an offset could move before its change is applied"),
            new Reserved(
                    "auto.offset.reset", "none", "else changes that the topic no longer holds would be skipped unseen"),
            new Reserved("allow.auto.create.topics", "false", "topics are created with TOPIC_PARTITIONS"),
            new Reserved("key.deserializer", BYTES + "Deserializer", "the topic's format is a contract"),
            new Reserved("value.deserializer", BYTES + "Deserializer", "the topic's format is a contract"));

    private static final List<Reserved> ANY = List.of(
            new Reserved("interceptor.classes", "", "records pass as they are"),
            new Reserved("bootstrap.controllers", "", "the daemons speak to brokers only"));

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
