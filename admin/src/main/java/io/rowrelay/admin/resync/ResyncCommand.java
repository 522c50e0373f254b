package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code resync}. Can be ended at any moment and run again. */
@Command(
        name = "resync",
        description =
                "Makes the destination equal to the source while everything runs: writes every row of the source table into the change table again, and a DELETE for each row that only the destination has; of a stream of many tables only rows that differ, behind windows that are missing. You can repeat it at any time.")
public final class ResyncCommand extends StreamCommand {
    @Mixin
    private final ResyncOptions options = new ResyncOptions();

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        options.write().check();
        try (StreamTables tables = new StreamTables(AdminSettings.from(settings), CommandClock.SYSTEM)) {
            if (!tables.registered().isEmpty()) {
                return new StreamResync(tables, options, CommandClock.SYSTEM, console).run();
            }
            return new Resync(tables, options, CommandClock.SYSTEM, console).run();
        }
    }
}
