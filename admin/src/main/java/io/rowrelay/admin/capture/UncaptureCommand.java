package io.rowrelay.admin.capture;

import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.stream.settings.TableSettings;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code uncapture}. Can be run again. */
@Command(
        name = "uncapture",
        description =
                "Removes the capture from a table of the source: runs cdc_uncapture there. The change table stays. The role must own the table.")
public final class UncaptureCommand extends AdminCommand {
    @Parameters(index = "0", paramLabel = "TABLE", description = CaptureCommand.TABLE)
    private String table = "";

    @Option(names = "--dry-run", description = CaptureCommand.DRY_RUN)
    private boolean dryRun;

    @Override
    protected Map<String, String> words() {
        return Map.of(TableSettings.SOURCE_TABLE.name(), table);
    }

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException {
        try (Database source = Database.source(AdminSettings.from(settings), Database.CHANGE)) {
            CaptureFunctions functions = new CaptureFunctions(source);
            if (dryRun) {
                CaptureCommand.print(functions.plannedRemoval(table), table, table + " is not captured", console);
            } else {
                functions.uncapture(table).forEach(console::sayAll);
                console.say("not captured any more: " + table + "; the change table stays, with what it holds");
            }
            return Outcome.DONE;
        }
    }
}
