package io.rowrelay.admin.pause;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pause}. Can be run again. */
@Command(
        name = "pause",
        description =
                "Pauses the stream: its producer publishes nothing, also after a restart, until you resume it. Changes are still captured; nothing is lost.")
public final class PauseCommand extends StreamCommand {
    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who pauses it, and why; shown until it is resumed (default: your user name).")
    private String by = System.getProperty("user.name", "unknown");

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException {
        AdminSettings read = AdminSettings.from(settings);
        String stream = read.stream().name();
        try (Database source = Database.source(read, Database.CHANGE)) {
            PauseRow row = new PauseRow(source, stream);
            Optional<String> before = row.paused();
            if (before.isPresent()) {
                console.say("stream " + stream + " was paused already " + before.get());
                return Outcome.DONE;
            }
            row.pause(by);
            console.say("stream " + stream + " is paused " + row.paused().orElse("no more")
                    + ": within a second its producer publishes nothing; changes go on being captured");
            return Outcome.DONE;
        }
    }
}
