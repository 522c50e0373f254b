package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a record is beside its value, as bytes that wait in the destination. */
final class StagedRecord {
    private static final int NONE = -1;

    private StagedRecord() {}

    static byte[] write(TopicRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(record.partition().topic());
            out.writeInt(record.partition().number());
            out.writeLong(record.offset());
            out.writeInt(record.keyHash());
            write(out, record.key());
            out.writeInt(record.headers().size());
            for (TopicRecord.Header header : record.headers()) {
                out.writeUTF(header.name());
                write(out, header.value());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? NONE : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    @SuppressWarnings("NullAway") // A record takes null for key and value, which NullAway does not see across modules.
    static TopicRecord read(byte[] staged, byte @Nullable [] value) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(staged))) {
            Partition partition = new Partition(in.readUTF(), in.readInt());
            long offset = in.readLong();
            int keyHash = in.readInt();
            byte @Nullable [] key = read(in);
            int count = in.readInt();
            List<TopicRecord.Header> headers = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                headers.add(new TopicRecord.Header(in.readUTF(), read(in)));
            }
            return new TopicRecord(partition, offset, key, value, keyHash, headers);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NONE ? null : in.readNBytes(length);
    }
}
