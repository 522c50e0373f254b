package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.doctor.CheckResult.Found;
import io.rowrelay.admin.doctor.CheckResult.Unclear;
import io.rowrelay.admin.status.ManyTablesReader;
import io.rowrelay.admin.status.StreamServers;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.TableOption;
import io.rowrelay.common.settings.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code doctor}: makes every check, prints the results, and turns them into an exit code. */
@Command(
        name = "doctor",
        description =
                "Checks everything that can be wrong with the stream, and says what each problem means and which command repairs it. Changes nothing.")
public final class DoctorCommand extends StreamCommand {
    private static final String LATE = "--late";
    private static final String OLD_TRANSACTION = "--old-transaction";
    private static final int MOST_SECONDS = 31_536_000;

    @Option(names = "--json", description = "Print a JSON array of results.")
    private boolean json;

    @Mixin
    private final TableOption chosen = new TableOption();

    @Option(names = "--strict", description = "Exit code 3 for warnings too.")
    private boolean strict;

    @Option(
            names = LATE,
            paramLabel = "SECONDS",
            description = "Report changes that wait for longer at a stage (default: 60).")
    private int late = 60;

    @Option(
            names = OLD_TRANSACTION,
            paramLabel = "SECONDS",
            description = "Report transactions open for longer than this (default: 300).")
    private int oldTransaction = 300;

    @Override
    protected Outcome run(Settings settings, Console console) throws InterruptedException {
        Duration waits = Duration.ofSeconds(inRange(LATE, late, 0, MOST_SECONDS));
        Duration open = Duration.ofSeconds(inRange(OLD_TRANSACTION, oldTransaction, 0, MOST_SECONDS));
        AdminSettings read = AdminSettings.from(settings);
        try (StreamServers servers = new StreamServers(read)) {
            CheckContext context = new CheckContext(read, servers, waits, open, InstantSource.system());
            List<RegisteredTable> many = new ManyTablesReader(read, servers).tables();
            chosen.requireStreamOfMany(many, read.stream().name());
            List<CheckReport> reports =
                    many.isEmpty() ? Checks.make(Checks.ALL, context) : ManyTablesChecks.make(chosen.of(many), context);
            (json ? DoctorJson.of(reports) : DoctorText.of(reports)).forEach(console::say);
            return outcome(reports, strict);
        }
    }

    static Outcome outcome(List<CheckReport> reports, boolean strict) {
        boolean found = reports.stream()
                .map(CheckReport::result)
                .anyMatch(result -> result instanceof Found problem
                        && (strict || problem.problem().severity() == Problem.Severity.PROBLEM));
        if (found) {
            return Outcome.NOT_EQUAL;
        }
        return reports.stream().anyMatch(report -> report.result() instanceof Unclear) ? Outcome.FAILED : Outcome.DONE;
    }
}
