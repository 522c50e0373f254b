package io.rowrelay.admin;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.catchup.StreamProgress;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.kafka.AdminTopics;
import io.rowrelay.admin.status.Part;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.verify.ComparedTables;
import io.rowrelay.admin.verify.MetricsFile;
import io.rowrelay.admin.verify.Verify;
import io.rowrelay.admin.verify.VerifyOptions;
import io.rowrelay.admin.verify.VerifyReport;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Termination;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.ParameterException;

/** The command verify, put together from its parts: once, or again and again. */
final class Verification {
    private final AdminSettings settings;
    private final VerifyOptions options;
    private final Arguments arguments;
    private final Console console;

    private Verification(AdminSettings settings, Arguments arguments, Console console) {
        this.settings = settings;
        this.options = VerifyOptions.from(arguments);
        this.arguments = arguments;
        this.console = console;
    }

    static Outcome run(AdminSettings settings, Arguments arguments, Console console)
            throws OutageException, InterruptedException {
        Verification verification = new Verification(settings, arguments, console);
        Optional<Duration> every = verification.options.every();
        return every.isEmpty() ? verification.once() : verification.repeatedly(every.get());
    }

    /** What fails is told and tried again at its next time; a mistake of the command line ends it. */
    private Outcome repeatedly(Duration every) throws InterruptedException {
        Termination termination = Termination.install();
        Outcome outcome = Outcome.FAILED;
        try {
            Duration wait = Duration.ZERO;
            while (!termination.stop().await(wait)) {
                long begun = System.nanoTime();
                onceOrComplain();
                wait = every.minusNanos(System.nanoTime() - begun);
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

    private void onceOrComplain() throws InterruptedException {
        try {
            once();
        } catch (CommandFailedException | OutageException failure) {
            console.complain("verify: " + failure.getMessage());
        }
    }

    private Outcome once() throws OutageException, InterruptedException {
        try (StreamTables tables = Session.open(settings)) {
            Session.refuseCondition(tables, options.where(), arguments);
            guard(tables);
            VerifyReport report = new Verify(
                            settings.stream().name(),
                            ComparedTables.read(tables, options.where()),
                            tables.source(options.where()),
                            tables.destination(options.where()),
                            new CatchUp(
                                    StreamProgress.of(tables),
                                    new AdminTopics(settings.kafka(), settings.timeout())
                                            .ends(settings.stream().topic())),
                            options,
                            options.json() ? console.aside() : console)
                    .run();
            publish(report, openLetters());
            return report.equal() ? Outcome.DONE : Outcome.NOT_IN_STEP;
        }
    }

    /** Extra rows can be those of another stream. */
    private void guard(StreamTables tables) throws OutageException {
        Console shown = options.json() ? console.aside() : console;
        DeletionGuard guard = new DeletionGuard(
                tables.writers(), settings.destinationTable(), options.where().isPresent(), options.confirmed(), shown);
        if (!options.repair()) {
            guard.mentionForeignRows();
            return;
        }
        guard.refuseForeignRows();
        if (!guard.permits("Repair, and delete every row that only the destination has?")) {
            throw new CommandFailedException("nothing was compared or repaired: say which rows with --where SQL");
        }
    }

    /** Beside what was compared: a role that only compares may not be able to count them. */
    private Part<DeadLetterCounts> openLetters() throws InterruptedException {
        return Part.of(() -> LettersView.count(settings), InstantSource.system());
    }

    private void publish(VerifyReport report, Part<DeadLetterCounts> letters) {
        if (options.json()) {
            JsonObject json = report.json();
            letters.seen()
                    .ifPresent(counts ->
                            json.with("dead_letters_open", counts.open()).with("dead_letters_lost", counts.lost()));
            console.say(json.toString());
        } else {
            letters.why().ifPresent(why -> console.say("dead letters: " + why));
            letters.seen()
                    .map(DeadLetterCounts::text)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> console.say(text + ": see dlq list and doctor"));
        }
        options.metrics()
                .ifPresent(file -> new MetricsFile(file, settings.stream().name()).write(report, Instant.now()));
    }
}
