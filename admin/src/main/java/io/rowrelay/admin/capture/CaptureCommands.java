package io.rowrelay.admin.capture;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** {@code capture} and {@code uncapture}. Either can be run again. */
public final class CaptureCommands {
    private static final String DRY_RUN = "--dry-run";
    private static final String CHANGE_TABLE = "--change-table";

    private final Capture capture;
    private final Console console;

    public CaptureCommands(Capture capture, Console console) {
        this.capture = capture;
        this.console = console;
    }

    /** What can be typed behind {@code capture}. */
    public static List<OptionSpec> typedForCapture() {
        return List.of(
                Arguments.flag(DRY_RUN, "Print the SQL that would be run, and run nothing."),
                Arguments.value(
                        CHANGE_TABLE,
                        String.class,
                        "NAME",
                        "Where its changes are written (default: CHANGE_TABLE for the table named like the stream, else"
                                + " the table's name with _cdc behind it)."));
    }

    /** What can be typed behind {@code uncapture}. */
    public static List<OptionSpec> typedForUncapture() {
        return List.of(Arguments.flag(DRY_RUN, "Print the SQL that would be run, and run nothing."));
    }

    /** The change table that was typed, or the one that goes with the table. */
    public static String changeTable(Arguments arguments, String table, String tableOfStream, String changeTable) {
        return arguments
                .<String>find(CHANGE_TABLE)
                .orElse(table.equals(tableOfStream) ? changeTable : changesOf(table));
    }

    static String changesOf(String table) {
        return table.endsWith("\"") ? table.substring(0, table.length() - 1) + "_cdc\"" : table + "_cdc";
    }

    /** Captures the table. */
    public Outcome capture(String table, String changeTable, Arguments arguments) throws OutageException {
        if (!arguments.has(DRY_RUN)) {
            capture.put(table, changeTable).forEach(console::say);
            console.say("captured: " + table + " into " + changeTable + "; every change from now on is written there");
            return Outcome.DONE;
        }
        Capture.Plan plan = capture.planned(table, changeTable);
        if (!plan.refusals().isEmpty()) {
            throw new CommandFailedException(String.join("; ", plan.refusals()));
        }
        print(plan.statements(), table, "nothing to do: the capture of " + table + " is sound");
        return Outcome.DONE;
    }

    /** Takes the capture off. */
    public Outcome uncapture(String table, Arguments arguments) throws OutageException {
        if (arguments.has(DRY_RUN)) {
            print(capture.plannedRemoval(table), table, "nothing to do: " + table + " is not captured");
            return Outcome.DONE;
        }
        capture.remove(table).forEach(console::say);
        console.say("not captured any more: " + table + "; the change table stays, with what it holds");
        return Outcome.DONE;
    }

    private void print(List<String> statements, String table, String nothing) {
        if (statements.isEmpty()) {
            console.say("-- " + nothing);
            return;
        }
        console.say("BEGIN;");
        console.say("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE;");
        statements.forEach(statement -> console.say(statement.strip() + ";"));
        console.say("COMMIT;");
    }
}
