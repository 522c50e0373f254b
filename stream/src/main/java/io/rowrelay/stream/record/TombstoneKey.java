package io.rowrelay.stream.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A key as cdc_tombstone has it. Its primary key takes about 2,700 bytes, while a record's key can have megabytes: a longer key
 * is kept as its SHA-256. A shorter key that looks like such a hash is hashed as well, so that no two keys are stored alike.
 */
public final class TombstoneKey {
    /** In UTF-8. The database may store a character in more bytes, and the name of the stream has to fit beside it. */
    private static final int LONGEST_BYTES = 1_000;

    private static final String HASHED = "sha256:";

    private TombstoneKey() {}

    /** Returns what stands for the key of a record, in the one form that the consumer gives it. */
    public static String of(String key) {
        boolean fits = key.length() <= LONGEST_BYTES / 3
                || (key.length() <= LONGEST_BYTES && key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BYTES);
        return fits && !key.startsWith(HASHED) ? key : HASHED + HexFormat.of().formatHex(sha256(key));
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
