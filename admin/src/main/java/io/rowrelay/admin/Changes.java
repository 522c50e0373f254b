package io.rowrelay.admin;

import io.rowrelay.admin.capture.CaptureCommands;
import io.rowrelay.admin.capture.jdbc.JdbcCapture;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.jdbc.SourceSessions;
import io.rowrelay.common.runtime.OutageException;

/** The commands that change something small in the source, put together from their parts. */
final class Changes {
    private Changes() {}

    static Outcome capture(AdminSettings settings, Arguments arguments, Console console) throws OutageException {
        try (SourceSessions source = open(settings)) {
            String table = settings.sourceTable();
            String changeTable = CaptureCommands.changeTable(
                    arguments, table, settings.stream().name(), settings.changeTable());
            return new CaptureCommands(new JdbcCapture(source), console).capture(table, changeTable, arguments);
        }
    }

    static Outcome uncapture(AdminSettings settings, Arguments arguments, Console console) throws OutageException {
        try (SourceSessions source = open(settings)) {
            return new CaptureCommands(new JdbcCapture(source), console).uncapture(settings.sourceTable(), arguments);
        }
    }

    private static SourceSessions open(AdminSettings settings) {
        return new SourceSessions(settings.source(), settings.stream().name(), settings.timeout());
    }
}
