package io.rowrelay.sandbox.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a log file, for an error message. */
public final class LogTail {
    private static final int LINES = 20;

    private LogTail() {}

    /** The last lines, each after a line break; says so when the file cannot be read. */
    public static String of(Path file) {
        try {
            List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
            return System.lineSeparator() + String.join(System.lineSeparator(), last);
        } catch (IOException e) {
            return System.lineSeparator() + "(no log at " + file + ")";
        }
    }
}
