package io.rowrelay.admin.doctor;

import io.rowrelay.admin.doctor.CheckResult.Ok;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.jdbc.StoredMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The checks of a stream of many tables: some of the stream, and some of each table. */
final class ManyTablesChecks {
    /** Those that concern no table. */
    private static final List<Check> OF_STREAM = List.of(
            ConnectionCheck.SOURCE,
            SourceStateCheck.PRIMARY,
            ScriptsCheck.SOURCE,
            OpenTransactionsCheck.CHECK,
            BrokerCheck.ANSWERS,
            BrokerCheck.DISKS,
            ConnectionCheck.DESTINATION,
            DestinationTableCheck.WRITABLE,
            ScriptsCheck.DESTINATION,
            ClockCheck.SOURCE,
            ClockCheck.DESTINATION);

    /** The table is there, which later checks build on. It has no column of ours, and needs none. */
    private static final Check TABLE = Check.ofDestination(
            "destination-table",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_SCRIPTS),
            List.of(DestinationTableCheck.DESTINATION_TABLE_MISSING),
            ManyTablesChecks::table);

    private static final List<Check> OF_TABLE = List.of(
            CapturedTableCheck.CHECK, PublishingCheck.CHECK, TABLE, DestinationColumnsCheck.CHECK, TriggersCheck.CHECK);

    private static final List<Check> OF_TABLE_BY_ROW = List.of(
            CapturedTableCheck.CHECK,
            PublishingCheck.CHECK,
            DestinationTableCheck.TABLE,
            DestinationColumnsCheck.CHECK,
            ConstraintsCheck.CONSTRAINTS,
            TriggersCheck.CHECK);

    private ManyTablesChecks() {}

    private static List<Check> ofTable(CheckContext context) {
        try {
            return context.destination()
                            .read(
                                    "reading how the stream is applied",
                                    connection -> StoredMode.read(connection, context.stream()))
                            .filter(ApplyMode.ROWS::equals)
                            .isPresent()
                    ? OF_TABLE_BY_ROW
                    : OF_TABLE;
        } catch (OutageException unknown) {
            // The checks themselves report it.
            return OF_TABLE;
        }
    }

    private static List<CheckResult> table(Connection connection, CheckContext context) throws SQLException {
        boolean there = Query.one(
                connection, "SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), context.destinationTable());
        return List.of(
                there
                        ? CheckResult.ok("table " + context.destinationTable() + " is there")
                        : CheckResult.found(
                                DestinationTableCheck.DESTINATION_TABLE_MISSING,
                                "there is no table " + context.destinationTable(),
                                Remedy.inShell(Programs.command("init " + context.stream()))));
    }

    /** Makes those of the stream and, unless they found that nothing can be asked, those of each table. */
    static List<CheckReport> make(List<RegisteredTable> tables, CheckContext context) throws InterruptedException {
        List<CheckReport> reports = new ArrayList<>(Checks.make(OF_STREAM, context));
        boolean askable = reports.stream()
                .filter(report -> report.check().equals(ScriptsCheck.SOURCE)
                        || report.check().equals(ScriptsCheck.DESTINATION))
                .allMatch(report -> report.result() instanceof Ok);
        if (!askable) {
            return reports;
        }
        List<Check> checks = ofTable(context);
        Map<Check, List<CheckReport>> sound = new LinkedHashMap<>();
        for (RegisteredTable table : tables) {
            for (CheckReport report : Checks.make(checks, context.of(table))) {
                if (report.result() instanceof Ok) {
                    sound.computeIfAbsent(report.check(), none -> new ArrayList<>())
                            .add(report);
                } else {
                    reports.add(report);
                }
            }
        }
        // One line for each check, not for each table.
        sound.forEach((check, all) -> reports.add(
                all.size() == 1
                        ? all.get(0)
                        : new CheckReport(
                                check, CheckResult.ok(check.name() + ": sound for " + all.size() + " tables"))));
        return reports;
    }
}
