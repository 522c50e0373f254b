package io.rowrelay.stream.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record as it lies on the topic. The arrays are handed through and never written to; a record for its named parts,
 * not for its equality.
 *
 * @param partition where it was read from
 * @param offset its offset in the partition
 * @param key the bytes of the key, or null
 * @param value the bytes of the value, or null for a Kafka tombstone
 * @param keyHash the hash by which Kafka's default partitioner spreads keys; 0 without key
 * @param headers what it carries beside key and value
 */
@SuppressWarnings("ArrayRecordComponent")
public record TopicRecord(
        Partition partition,
        long offset,
        byte @Nullable [] key,
        byte @Nullable [] value,
        int keyHash,
        List<Header> headers) {
    /** What the objects of a header take. */
    private static final int HEADER_BYTES = 100;

    public TopicRecord {
        headers = List.copyOf(headers);
    }

    /** A record without headers. */
    public TopicRecord(Partition partition, long offset, byte @Nullable [] key, byte @Nullable [] value, int keyHash) {
        this(partition, offset, key, value, keyHash, List.of());
    }

    /** The same record with equal headers, which it shares with others. */
    public TopicRecord sharing(List<Header> equal) {
        return new TopicRecord(partition, offset, key, value, keyHash, equal);
    }

    /** About what it takes in memory. */
    public long bytes() {
        long bytes = length(key) + length(value);
        for (Header header : headers) {
            bytes += HEADER_BYTES + header.name().length() + length(header.value());
        }
        return bytes;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /**
     * A header, handed through.
     *
     * @param name its name
     * @param value its bytes, or null
     */
    public record Header(String name, byte @Nullable [] value) {}
}
