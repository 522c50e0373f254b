package io.rowrelay.producer.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the text of a timestamptz into what to_json prints, which would look up the type for every value. In UTC and the style
 * ISO, as in the producer's session, the two differ by a T and the minutes of the offset. Infinity has neither.
 */
final class JsonTimestamp {
    private static final byte[] UTC = {'+', '0', '0'};
    private static final byte[] MINUTES = {':', '0', '0'};

    private JsonTimestamp() {}

    /**
     * The content of the JSON string, null for null; the text is not written to. Throws IllegalStateException for another time
     * zone.
     */
    static byte @Nullable [] of(byte @Nullable [] text) {
        int time = text == null ? -1 : indexOf(text, ' ', 0);
        if (text == null || time < 0) {
            return text;
        }
        int behindOffset = behindOffset(text, time);
        ByteBuffer json = ByteBuffer.allocate(text.length + MINUTES.length)
                .put(text, 0, behindOffset)
                .put(MINUTES)
                .put(text, behindOffset, text.length - behindOffset);
        return json.put(time, (byte) 'T').array();
    }

    private static int behindOffset(byte[] text, int time) {
        int offset = indexOf(text, '+', time);
        int behind = offset + UTC.length;
        if (offset < 0
                || !Arrays.equals(text, offset, Math.min(behind, text.length), UTC, 0, UTC.length)
                || (behind < text.length && text[behind] != ' ')) {
            throw new IllegalStateException("no time in UTC: " + new String(text, StandardCharsets.US_ASCII));
        }
        return behind;
    }

    private static int indexOf(byte[] text, char wanted, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
