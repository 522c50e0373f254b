package io.rowrelay.stream.kafka;

import io.rowrelay.stream.record.EnvelopeHead;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a record's value; the rest is never copied.
 *
 * @param bytes as many as the head of a change can have
 * @param valueBytes size of the whole value
 */
@SuppressWarnings("ArrayRecordComponent")
record ValueFront(byte[] bytes, int valueBytes) {

    /** Takes the front of values. */
    static final class Reader implements Deserializer<@Nullable ValueFront> {
        @Override
        public @Nullable ValueFront deserialize(String topic, byte @Nullable [] value) {
            return value == null ? null : front(ByteBuffer.wrap(value));
        }

        @Override
        public @Nullable ValueFront deserialize(String topic, Headers headers, @Nullable ByteBuffer value) {
            return value == null ? null : front(value);
        }

        private static ValueFront front(ByteBuffer value) {
            int size = value.remaining();
            byte[] bytes = new byte[Math.min(size, EnvelopeHead.LONGEST_BYTES)];
            value.duplicate().get(bytes);
            return new ValueFront(bytes, size);
        }
    }
}
