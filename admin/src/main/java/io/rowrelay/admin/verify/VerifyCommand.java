package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.DeadLetterCount;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.Part;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableOption;
import io.rowrelay.admin.tables.WhereOption;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Termination;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code verify}: once, or again and again. */
@Command(
        name = "verify",
        description = "Compares source and destination while both change, and lists every row that is missing, extra or"
                + " different in the destination; --repair repairs them. Transfers little, locks nothing.")
public final class VerifyCommand extends StreamCommand {
    private static final String CHUNK = "--chunk";
    private static final String EVERY = "--every";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    @Mixin
    private final WhereOption where = new WhereOption();

    @Mixin
    private final TableOption chosen = new TableOption();

    @Option(
            names = "--repair",
            description = "Send the right state of every row that differs through the stream, and compare again.")
    private boolean repair;

    @Option(names = "--yes", description = DeletionGuard.YES)
    private boolean yes;

    @Option(
            names = CHUNK,
            paramLabel = "N",
            description = "Compare this many rows at a time, from 1 to 100000 (default: 10000).")
    private int chunk = 10_000;

    @Option(names = "--show-values", description = "Show the values that differ, not only the names of their columns.")
    private boolean showValues;

    @Option(
            names = "--json",
            description = "Print the result as one JSON object, and everything else to standard error.")
    private boolean json;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Also write the result to a file for Prometheus.")
    private Optional<Path> metrics = Optional.empty();

    @Option(names = EVERY, paramLabel = "TIME", description = "Compare at this interval until SIGTERM: 30s, 15m, 1h.")
    private Optional<String> every = Optional.empty();

    private final CommandClock clock = CommandClock.SYSTEM;

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        AdminSettings read = AdminSettings.from(settings);
        inRange(CHUNK, chunk, 1, 100_000);
        if (every.isEmpty()) {
            return once(read, console);
        }
        Duration apart = ValueTypes.duration(SHORTEST, LONGEST)
                .parse(every.get())
                .orElseThrow(() -> wrong(EVERY + " is " + every.get() + ": a time from 1s to 30d, such as 15m or 1h"));
        return repeatedly(read, apart, console);
    }

    /** What fails is reported and tried again at its next time; a mistake of the command line ends it. */
    private Outcome repeatedly(AdminSettings settings, Duration apart, Console console) throws InterruptedException {
        Termination termination = Termination.install();
        Outcome outcome = Outcome.FAILED;
        try {
            Duration wait = Duration.ZERO;
            while (!termination.stop().await(wait)) {
                Duration begun = clock.now();
                try {
                    once(settings, console);
                } catch (CommandFailedException | OutageException failure) {
                    console.complain("verify: " + failure.getMessage());
                }
                wait = apart.minus(clock.since(begun));
            }
            outcome = Outcome.DONE;
        } catch (ParameterException wrong) {
            outcome = Outcome.WRONG_CONFIGURATION;
            throw wrong;
        } finally {
            termination.finished(outcome.exitCode());
        }
        return outcome;
    }

    private Outcome once(AdminSettings settings, Console console) throws OutageException, InterruptedException {
        Console shown = json ? console.aside() : console;
        try (StreamTables tables = new StreamTables(settings, clock)) {
            List<RegisteredTable> many = tables.registered();
            chosen.requireStreamOfMany(many, tables.stream());
            if (!many.isEmpty()) {
                return many(tables, chosen.of(many), shown, console);
            }
            where.check(tables::refusal);
            VerifyReport report = comparisons().one(tables, "compared", shown);
            report.lines(repair).forEach(shown::say);
            publish(report, deadLetters(settings), console);
            metrics.ifPresent(file -> new MetricsFile(file, settings.stream().name()).write(report, Instant.now()));
            return report.equal() ? Outcome.DONE : Outcome.NOT_EQUAL;
        }
    }

    private Comparisons comparisons() {
        return new Comparisons(new Comparisons.Choice(where.condition(), repair, yes, chunk, showValues), clock);
    }

    private Outcome many(StreamTables tables, List<RegisteredTable> wanted, Console shown, Console console)
            throws OutageException, InterruptedException {
        where.requireOneTable(wanted.size());
        if (wanted.size() == 1) {
            where.check(tables.of(wanted.get(0))::refusal);
        }
        StreamVerifyReport report = comparisons().many(tables, wanted, shown);
        VerifyReport total = report.total();
        if (json) {
            console.say(report.json().toString());
        }
        metrics.ifPresent(file -> new MetricsFile(file, tables.stream()).write(total, Instant.now()));
        return total.equal() ? Outcome.DONE : Outcome.NOT_EQUAL;
    }

    /** Beside what was compared: a role that only compares may not be able to count them. */
    private static Part<DeadLetterCounts> deadLetters(AdminSettings settings) throws InterruptedException {
        return Part.of(() -> DeadLetterCount.read(settings), InstantSource.system());
    }

    private void publish(VerifyReport report, Part<DeadLetterCounts> deadLetters, Console console) {
        if (json) {
            JsonObject object = report.json();
            deadLetters
                    .seen()
                    .ifPresent(counts ->
                            object.with("dead_letters_open", counts.open()).with("dead_letters_lost", counts.lost()));
            console.say(object.toString());
            return;
        }
        deadLetters.why().ifPresent(why -> console.say("dead letters: " + why));
        deadLetters
                .seen()
                .map(DeadLetterCounts::text)
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> console.say(text + ": see dlq list and doctor"));
    }
}
