package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Headers on their way from the topic to the dead-letter topic. */
final class RecordHeaders {
    private RecordHeaders() {}

    static List<TopicRecord.Header> of(ConsumerRecord<byte[], byte[]> record) {
        List<TopicRecord.Header> headers = new ArrayList<>(1);
        for (Header header : record.headers()) {
            headers.add(new TopicRecord.Header(header.key(), header.value()));
        }
        return headers;
    }

    /** A dead letter that somebody sent again as it was brings along why it was refused before. */
    static List<Header> withoutRefusal(List<TopicRecord.Header> headers) {
        return headers.stream()
                .filter(header -> !header.name().startsWith(DeadLetterNames.CONNECT)
                        && !header.name().equals(DeadLetterNames.REASON))
                .<Header>map(header -> new RecordHeader(header.name(), header.value()))
                .toList();
    }
}
