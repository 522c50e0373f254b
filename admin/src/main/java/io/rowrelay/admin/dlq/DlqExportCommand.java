package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlq export}: writes dead letters as lines of JSON, as they are. */
@Command(
        name = "dlq export",
        description =
                "Writes dead letters as lines of JSON: headers, key and value; bytes that are no UTF-8 as base64.")
public final class DlqExportCommand extends DlqCommand {
    private static final String STANDARD_OUTPUT = "-";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @Option(names = "--to", paramLabel = "FILE", description = "File to write; - is standard output (default: -).")
    private String to = STANDARD_OUTPUT;

    @Option(names = LIMIT, paramLabel = "N", description = "Write at most this many (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Override
    void check(DeadLetterFilter filter) {
        inRange(LIMIT, limit, 1, Integer.MAX_VALUE);
    }

    @Override
    Outcome run(DlqSession session, DeadLetterFilter filter, Console console)
            throws OutageException, InterruptedException {
        List<DeadLetterEntry> found = session.deadLetters().whole(filter);
        List<DeadLetterEntry> chosen = found.subList(0, Math.min(limit, found.size()));
        if (to.equals(STANDARD_OUTPUT)) {
            chosen.forEach(entry -> console.say(line(entry)));
            return Outcome.DONE;
        }
        try (BufferedWriter file = open(Path.of(to))) {
            for (DeadLetterEntry entry : chosen) {
                file.write(line(entry));
                file.newLine();
            }
        } catch (IOException failure) {
            throw new CommandFailedException("cannot write " + to + ": " + failure);
        }
        console.say("exported=" + chosen.size() + " to " + to);
        return Outcome.DONE;
    }

    /** The lines hold rows, so the file is its owner's alone: from its beginning on, and also if it was there before. */
    private static BufferedWriter open(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            if (Files.isRegularFile(file)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            } else if (Files.notExists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
        }
        return Files.newBufferedWriter(file);
    }

    private static String line(DeadLetterEntry entry) {
        return DeadLetterJson.whole(entry).toString();
    }
}
