package io.rowrelay.consumer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.settings.StreamSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class DeadLetterContentTest {
    private final DeadLetterContent content =
            new DeadLetterContent(new StreamSettings("orders", "orders_cdc", "orders_dlq", 1, (short) 1));

    /** One that is too large as well would keep the consumer from all that follows. */
    @Test
    void keeps_a_reference_small_whatever_the_headers_of_the_record_are() {
        List<TopicRecord.Header> headers = new ArrayList<>(Collections.nCopies(10_000, replays("1")));
        headers.add(replays("3"));
        headers.add(replays("x".repeat(1_000_000)));
        headers.add(new TopicRecord.Header("other", new byte[1_000_000]));

        ProducerRecord<byte[], byte[]> reference = content.deadLetter(rejected(headers), DeadLetterSize.REFERENCE);

        assertThat(reference.headers().headers(DeadLetterNames.REPLAYS))
                .extracting(Header::value)
                .containsExactly("3".getBytes(StandardCharsets.UTF_8));
        assertThat(reference.headers().lastHeader("other")).isNull();
    }

    private static TopicRecord.Header replays(String count) {
        return new TopicRecord.Header(DeadLetterNames.REPLAYS, count.getBytes(StandardCharsets.UTF_8));
    }

    private static Rejected rejected(List<TopicRecord.Header> headers) {
        TopicRecord record = new TopicRecord(new Partition("orders_cdc", 0), 7, new byte[1], new byte[1], 0, headers);
        return new Rejected(record, RejectionReason.NOT_JSON, "the value is not a JSON object");
    }
}
