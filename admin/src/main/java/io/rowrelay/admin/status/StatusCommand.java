package io.rowrelay.admin.status;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.common.settings.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code status}: shows how far a stream is, once or again and again. */
@Command(
        name = "status",
        description =
                "Shows how many changes are captured, published, applied, dead-lettered and unaccounted for; what waits at each stage and for how long; the active producer; the partitions and their consumers.")
public final class StatusCommand extends StreamCommand {
    private static final String WATCH = "--watch";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = WATCH,
            arity = "0..1",
            fallbackValue = "2",
            paramLabel = "SECONDS",
            description = "Repeat it; every 2 seconds if no number is given.")
    private Optional<Integer> watch = Optional.empty();

    @Override
    protected Outcome run(Settings settings, Console console) throws InterruptedException {
        Optional<Integer> interval = watch.map(seconds -> inRange(WATCH, seconds, 0, 86_400));
        AdminSettings read = AdminSettings.from(settings);
        try (StreamServers servers = new StreamServers(read)) {
            while (true) {
                StatusReport report = StatusReport.look(read.stream().name(), servers, InstantSource.system());
                if (interval.isEmpty()) {
                    lines(report).forEach(console::say);
                    return report.complete() ? Outcome.DONE : Outcome.FAILED;
                }
                if (json) {
                    lines(report).forEach(console::say);
                } else {
                    console.redraw(lines(report));
                }
                TimeUnit.SECONDS.sleep(interval.get());
            }
        }
    }

    private List<String> lines(StatusReport report) {
        return json ? List.of(StatusJson.of(report).toString()) : StatusText.of(report);
    }
}
