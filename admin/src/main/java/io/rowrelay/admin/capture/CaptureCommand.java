package io.rowrelay.admin.capture;

import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.stream.settings.TableSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code capture}. Can be run again. */
@Command(
        name = "capture",
        description =
                "Captures a table of the source, or repairs its capture: runs cdc_capture there. The role must own"
                        + " the table.")
public final class CaptureCommand extends AdminCommand {
    static final String TABLE = "The table, with its schema if that is not on the search path, quoted as in SQL.";
    static final String DRY_RUN = "Print the SQL that would be run, and run nothing.";

    @Parameters(index = "0", paramLabel = "TABLE", description = TABLE)
    private String table = "";

    @Option(names = "--dry-run", description = DRY_RUN)
    private boolean dryRun;

    @Option(
            names = "--change-table",
            paramLabel = "NAME",
            description =
                    "Where its changes are written (default: CHANGE_TABLE for the table named like the stream, otherwise the table's name and _cdc).")
    private Optional<String> changeTable = Optional.empty();

    @Override
    protected Map<String, String> words() {
        return Map.of(TableSettings.SOURCE_TABLE.name(), table);
    }

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException {
        AdminSettings read = AdminSettings.from(settings);
        String changes =
                changeTable.orElseGet(() -> table.equals(read.stream().name()) ? read.changeTable() : changesOf(table));
        try (Database source = Database.source(read, Database.CHANGE)) {
            CaptureFunctions functions = new CaptureFunctions(source);
            if (dryRun) {
                CaptureFunctions.Plan plan = functions.planned(table, changes);
                if (!plan.refusals().isEmpty()) {
                    throw new CommandFailedException(String.join("; ", plan.refusals()));
                }
                print(plan.statements(), table, "the capture of " + table + " is sound", console);
            } else {
                functions.capture(table, changes).forEach(console::sayAll);
                console.say("captured: " + table + " into " + changes + "; every change from now on is written there");
            }
            return Outcome.DONE;
        }
    }

    private static String changesOf(String table) {
        return table.endsWith("\"") ? table.substring(0, table.length() - 1) + "_cdc\"" : table + "_cdc";
    }

    /** As one transaction that can be pasted into psql. */
    static void print(List<String> statements, String table, String otherwise, Console console) {
        if (statements.isEmpty()) {
            console.say("-- nothing to do: " + otherwise);
            return;
        }
        console.say("BEGIN;");
        console.say("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE;");
        statements.forEach(statement -> console.sayAll(statement.strip() + ";"));
        console.say("COMMIT;");
    }
}
