package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DeadLetterList.Marked;
import io.rowrelay.common.json.JsonText;
import io.rowrelay.common.runtime.OutageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code dlq export}: writes letters as lines of JSON, as they are. */
final class ExportLetters {
    private static final String STANDARD_OUTPUT = "-";

    private final DeadLetterList letters;
    private final Console console;

    ExportLetters(DeadLetterList letters, Console console) {
        this.letters = letters;
        this.console = console;
    }

    Outcome run(DeadLetterFilter filter, int limit, String to) throws OutageException, InterruptedException {
        List<Marked> found = letters.whole(filter);
        List<Marked> chosen = found.subList(0, Math.min(limit, found.size()));
        if (to.equals(STANDARD_OUTPUT)) {
            chosen.forEach(marked -> console.say(line(marked)));
            return Outcome.DONE;
        }
        try (BufferedWriter file = Files.newBufferedWriter(Path.of(to))) {
            for (Marked marked : chosen) {
                file.write(line(marked));
                file.newLine();
            }
        } catch (IOException failure) {
            throw new CommandFailedException("cannot write " + to + ": " + failure);
        }
        console.say("exported=" + chosen.size() + " to " + to);
        return Outcome.DONE;
    }

    private static String line(Marked marked) {
        return JsonText.of(DeadLetterJson.whole(marked));
    }
}
