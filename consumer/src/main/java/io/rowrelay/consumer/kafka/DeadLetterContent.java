package io.rowrelay.consumer.kafka;

import io.rowrelay.common.json.JsonText;
import io.rowrelay.consumer.apply.ApplyTask;
import io.rowrelay.stream.kafka.DeadLetterHeaders;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.settings.StreamSettings;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter carries: the rejected record's key, value and headers, and headers that say where the record was and why it was
 * rejected; where the broker does not take that, less of the reason, and then a reference to the record ({@link DeadLetterSize}).
 * The producer's references to changes are made by its ChangeReferences.
 */
final class DeadLetterContent {
    /** A longer key could make a reference too large as well. */
    private static final int LONGEST_KEY_OF_A_REFERENCE = 64 << 10;

    private static final int LONGEST_COUNT_OF_REPLAYS = 9;
    private static final int SHORT_MESSAGE = 200;

    private final StreamSettings stream;

    DeadLetterContent(StreamSettings stream) {
        this.stream = stream;
    }

    ProducerRecord<byte[], byte[]> deadLetter(Rejected rejection, DeadLetterSize form) {
        TopicRecord origin = rejection.origin();
        boolean isReference = form == DeadLetterSize.REFERENCE;
        String message = rejection.reason() + ": " + rejection.detail();
        String said = form == DeadLetterSize.WHOLE || message.length() <= SHORT_MESSAGE
                ? message
                : message.substring(0, SHORT_MESSAGE) + "...";
        RejectedRecordException exception = new RejectedRecordException(message);
        return new ProducerRecord<>(
                stream.deadLetterTopic(),
                null,
                isReference ? shortKey(origin) : origin.key(),
                isReference ? reference(origin) : origin.value(),
                new DeadLetterHeaders()
                        .original(
                                isReference ? replays(origin) : TopicRecords.headersWithoutRejection(origin.headers()))
                        .origin(origin.partition().topic(), origin.partition().number(), origin.offset())
                        .finder(
                                "rowrelay-consumer-" + stream.name(),
                                "0",
                                isReference
                                        ? DeadLetterNames.STAGE_OF_REFERENCES
                                        : rejection.reason().stage(),
                                ApplyTask.class.getName())
                        .reason(
                                exception.getClass().getName(),
                                said,
                                form == DeadLetterSize.WHOLE ? exception.toString() : "")
                        .inShort(rejection.why())
                        .list());
    }

    private static byte @Nullable [] shortKey(TopicRecord origin) {
        byte[] key = origin.key();
        return key != null && key.length <= LONGEST_KEY_OF_A_REFERENCE ? key : null;
    }

    /** The count of {@code dlq replay}. Whatever else has its name could make a reference too large as well. */
    private static List<Header> replays(TopicRecord origin) {
        List<TopicRecord.Header> counts = origin.headers().stream()
                .filter(header -> header.name().equals(DeadLetterNames.REPLAYS)
                        && length(header.value()) <= LONGEST_COUNT_OF_REPLAYS)
                .toList();
        return TopicRecords.headersWithoutRejection(counts.subList(Math.max(0, counts.size() - 1), counts.size()));
    }

    /** Where the record lies, and its size in bytes. */
    private static byte[] reference(TopicRecord origin) {
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("topic", origin.partition().topic());
        where.put("partition", origin.partition().number());
        where.put("offset", origin.offset());
        where.put("bytes", length(origin.value()) + length(origin.key()));
        return JsonText.of(where).getBytes(StandardCharsets.UTF_8);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
