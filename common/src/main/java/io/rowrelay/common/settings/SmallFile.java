package io.rowrelay.common.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads configuration files and secrets: UTF-8, never endless. */
final class SmallFile {

    private static final int LARGEST_BYTES = 1 << 20;

    private SmallFile() {}

    /**
     * The text of the file.
     *
     * @throws IOException if it cannot be read, is not UTF-8, or is larger than 1 MiB
     */
    static String read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("is a directory");
        }
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw new IOException("is larger than 1 MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    /** Says in a few words why a file could not be read. */
    static String reason(IOException failure) {
        if (failure instanceof java.nio.file.NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof java.nio.charset.CharacterCodingException) {
            return "is not UTF-8 text";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
