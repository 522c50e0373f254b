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

/** {@code resume}. Can be run again. */
@Command(name = "resume", description = "Resumes a paused stream.")
public final class ResumeCommand extends StreamCommand {
    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException {
        AdminSettings read = AdminSettings.from(settings);
        String stream = read.stream().name();
        try (Database source = Database.source(read, Database.CHANGE)) {
            PauseRow row = new PauseRow(source, stream);
            Optional<String> before = row.paused();
            row.resume();
            console.say(
                    before.isPresent()
                            ? "stream " + stream + " goes on; it was paused " + before.get()
                            : "stream " + stream + " was not paused");
            return Outcome.DONE;
        }
    }
}
