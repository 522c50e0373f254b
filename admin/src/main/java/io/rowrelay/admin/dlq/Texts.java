package io.rowrelay.admin.dlq;

import io.rowrelay.common.text.PrintableText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bytes of records, as a terminal can show them. */
final class Texts {
    private static final int SHOWN_BYTES = 32;

    private Texts() {}

    /** The text of the bytes in UTF-8; empty when they are not UTF-8 or there are none. */
    static Optional<String> utf8(byte @Nullable [] bytes) {
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            // A new decoder reports what it cannot read; String's constructor would replace it.
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    /** The text, or the first bytes in hex. */
    static String shown(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "(none)";
        }
        return utf8(bytes).map(PrintableText::line).orElseGet(() -> {
            int length = Math.min(bytes.length, SHOWN_BYTES);
            return "0x" + HexFormat.of().formatHex(bytes, 0, length) + (length < bytes.length ? "..." : "");
        });
    }

    static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
    }
}
