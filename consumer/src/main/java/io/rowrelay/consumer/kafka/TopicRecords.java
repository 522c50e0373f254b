package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.record.DeadLetterNames;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/** Kafka's records as the records of the contract, and their headers back. */
final class TopicRecords {
    private TopicRecords() {}

    static List<TopicRecord> of(ConsumerRecords<byte[], byte[]> polled) {
        List<TopicRecord> records = new ArrayList<>(polled.count());
        for (TopicPartition each : polled.partitions()) {
            Partition partition = AssignedPartitions.partition(each);
            for (ConsumerRecord<byte[], byte[]> record : polled.records(each)) {
                byte[] key = record.key();
                records.add(new TopicRecord(
                        partition,
                        record.offset(),
                        key,
                        record.value(),
                        key == null ? 0 : Utils.murmur2(key),
                        headers(record)));
            }
        }
        return records;
    }

    private static List<TopicRecord.Header> headers(ConsumerRecord<byte[], byte[]> record) {
        List<TopicRecord.Header> headers = new ArrayList<>(1);
        for (Header header : record.headers()) {
            headers.add(new TopicRecord.Header(header.key(), header.value()));
        }
        return headers;
    }

    /** A dead letter that somebody sent again unchanged still says why it was rejected before. */
    static List<Header> headersWithoutRejection(List<TopicRecord.Header> headers) {
        return headers.stream()
                .filter(header -> !header.name().startsWith(DeadLetterNames.CONNECT)
                        && !header.name().equals(DeadLetterNames.REASON))
                .<Header>map(header -> new RecordHeader(header.name(), header.value()))
                .toList();
    }
}
