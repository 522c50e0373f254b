package io.rowrelay.admin.status;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.TableOption;
import io.rowrelay.common.settings.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private final TableOption chosen = new TableOption();

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
                Shown shown = look(read, servers);
                if (interval.isEmpty()) {
                    shown.lines().forEach(console::say);
                    return shown.complete() ? Outcome.DONE : Outcome.FAILED;
                }
                if (json) {
                    shown.lines().forEach(console::say);
                } else {
                    console.redraw(shown.lines());
                }
                TimeUnit.SECONDS.sleep(interval.get());
            }
        }
    }

    private record Shown(List<String> lines, boolean complete) {}

    private Shown look(AdminSettings settings, StreamServers servers) throws InterruptedException {
        ManyTablesReader reader = new ManyTablesReader(settings, servers);
        List<RegisteredTable> many = reader.tables();
        chosen.requireStreamOfMany(many, settings.stream().name());
        if (many.isEmpty()) {
            StatusReport report = StatusReport.look(settings.stream().name(), servers, InstantSource.system());
            return new Shown(lines(report), report.complete());
        }
        ManyTablesStatus status = reader.read(chosen.of(many), InstantSource.system());
        return new Shown(json ? List.of(status.json().toString()) : status.lines(), status.complete());
    }

    private List<String> lines(StatusReport report) {
        return json ? List.of(StatusJson.of(report).toString()) : StatusText.of(report);
    }
}
