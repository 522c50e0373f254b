package io.rowrelay.admin.dlq;

import io.rowrelay.admin.dlq.DlqTopic.Replay;
import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.PublishedChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Makes of a dead letter the record that it was. */
final class ReplayRecords {
    /**
     * Not brought along: why it was refused, the former count, and the header by which the producer judges from the topic
     * whether its source was restored. An old change at the end of the topic must not be evidence of that.
     */
    private static final Set<String> LEFT_BEHIND =
            Set.of(DeadLetterNames.REASON, DeadLetterNames.REPLAYS, PublishedChange.SOURCE_HEADER);

    private ReplayRecords() {}

    static ProducerRecord<byte[], byte[]> of(String topic, Replay replay) {
        DeadLetter letter = replay.letter();
        List<Header> headers = new ArrayList<>();
        for (DeadLetter.Header header : letter.headers()) {
            if (!header.name().startsWith(DeadLetterNames.CONNECT) && !LEFT_BEHIND.contains(header.name())) {
                headers.add(new RecordHeader(header.name(), header.value()));
            }
        }
        String count = Integer.toString(replay.number());
        headers.add(new RecordHeader(DeadLetterNames.REPLAYS, count.getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(topic, null, letter.key(), letter.value(), headers);
    }
}
