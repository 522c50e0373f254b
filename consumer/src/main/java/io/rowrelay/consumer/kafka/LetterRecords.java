package io.rowrelay.consumer.kafka;

import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.settings.StreamSettings;
import io.rowrelay.consumer.apply.ApplyTask;
import io.rowrelay.stream.kafka.DeadLetterHeaders;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes dead letters out of refused records. */
final class LetterRecords {
    /** A longer key could make a reference too large as well. */
    private static final int LONGEST_KEY_OF_A_REFERENCE = 64 << 10;

    private static final int SHORT_MESSAGE = 200;

    private final StreamSettings stream;

    LetterRecords(StreamSettings stream) {
        this.stream = stream;
    }

    ProducerRecord<byte[], byte[]> deadLetter(Rejected refusal, LetterForm form) {
        TopicRecord origin = refusal.origin();
        boolean isReference = form == LetterForm.REFERENCE;
        String message = refusal.reason() + ": " + refusal.detail();
        String said = form == LetterForm.WHOLE || message.length() <= SHORT_MESSAGE
                ? message
                : message.substring(0, SHORT_MESSAGE) + "...";
        RefusedRecordException refused = new RefusedRecordException(message);
        return new ProducerRecord<>(
                stream.deadLetterTopic(),
                null,
                isReference ? shortKey(origin) : origin.key(),
                isReference ? reference(origin) : origin.value(),
                new DeadLetterHeaders()
                        .original(isReference ? replays(origin) : RecordHeaders.withoutRefusal(origin.headers()))
                        .origin(origin.topic(), origin.partition(), origin.offset())
                        .finder(
                                "rowrelay-consumer-" + stream.name(),
                                "0",
                                isReference
                                        ? DeadLetterNames.STAGE_OF_REFERENCES
                                        : refusal.reason().stage(),
                                ApplyTask.class.getName())
                        .reason(refused.getClass().getName(), said, form == LetterForm.WHOLE ? refused.toString() : "")
                        .inShort(refusal.why())
                        .list());
    }

    private static byte @Nullable [] shortKey(TopicRecord origin) {
        byte[] key = origin.key();
        return key != null && key.length <= LONGEST_KEY_OF_A_REFERENCE ? key : null;
    }

    private static List<Header> replays(TopicRecord origin) {
        return RecordHeaders.withoutRefusal(origin.headers().stream()
                .filter(header -> header.name().equals(DeadLetterNames.REPLAYS))
                .toList());
    }

    /** Where the record lies, and its size in bytes. */
    private static byte[] reference(TopicRecord origin) {
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("topic", origin.topic());
        where.put("partition", origin.partition());
        where.put("offset", origin.offset());
        where.put("bytes", length(origin.value()) + length(origin.key()));
        return JsonText.of(where).getBytes(StandardCharsets.UTF_8);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
