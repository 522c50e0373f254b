package io.rowrelay.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process writes to a file.
 *
 * @param file the file
 * @param begin its length when the process began
 */
record Output(Path file, long begin) {
    /** What the process wrote so far. */
    String text() {
        try {
            byte[] all = Files.readAllBytes(file);
            return new String(all, (int) begin, all.length - (int) begin, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
