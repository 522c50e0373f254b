package io.rowrelay.admin.status;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.look.Views;
import io.rowrelay.admin.status.json.StatusJson;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.OptionSpec;

/** The command {@code status}: shows how far a stream is, once or again and again. */
public final class Status {
    private static final String JSON = "--json";
    private static final String WATCH = "--watch";
    private static final int MOST_SECONDS = 86_400;

    private final String stream;
    private final Views views;
    private final Console console;

    public Status(String stream, Views views, Console console) {
        this.stream = stream;
        this.views = views;
        this.console = console;
    }

    /** What can be typed. */
    public static List<OptionSpec> typed() {
        return List.of(
                Arguments.flag(JSON, "Print one JSON object."),
                Arguments.valueOrFallback(
                        WATCH, "SECONDS", "2", "Look again every so many seconds (2 where no number is given)."));
    }

    /** Shows it; with an interval, until the process is ended. */
    public Outcome run(Arguments arguments) throws InterruptedException {
        boolean json = arguments.has(JSON);
        OptionalInt interval = arguments.seconds(WATCH, MOST_SECONDS);
        if (interval.isEmpty()) {
            StatusReport report = StatusReport.look(stream, views, InstantSource.system());
            console.say(text(report, json));
            return report.complete() ? Outcome.DONE : Outcome.FAILED;
        }
        while (true) {
            String text = text(StatusReport.look(stream, views, InstantSource.system()), json);
            if (json) {
                console.say(text);
            } else {
                console.redraw(text);
            }
            TimeUnit.NANOSECONDS.sleep(Duration.ofSeconds(interval.getAsInt()).toNanos());
        }
    }

    private static String text(StatusReport report, boolean json) {
        return json ? StatusJson.of(report) : StatusText.of(report);
    }
}
