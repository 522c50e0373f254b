package io.rowrelay.it.hostile;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record of a stream's topic that means harm.
 *
 * @param name how it was made
 * @param key the bytes of its key
 * @param value the bytes of its value
 * @param invalid whether it is surely to be refused; else it may be valid by chance
 */
@SuppressWarnings("ArrayRecordComponent")
public record HostileRecord(String name, byte @Nullable [] key, byte @Nullable [] value, boolean invalid) {
    static HostileRecord invalid(String name, String key, String value) {
        return new HostileRecord(name, utf8(key), utf8(value), true);
    }

    static HostileRecord perhaps(String name, String key, String value) {
        return new HostileRecord(name, utf8(key), utf8(value), false);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
