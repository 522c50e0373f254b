package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminCommand;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command about dead letters, of which some can be chosen. */
public abstract class DlqCommand extends AdminCommand {
    /** The description of the group. */
    public static final String DUTY =
            "Dead letters: the records that the consumer rejected, and references to changes too large for the topic.";

    static final String LIMIT = "--limit";

    private static final String SINCE = "--since";
    private static final String UNTIL = "--until";

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "Dead letters by their id, such as 0:17: partition and offset in the dead-letter topic.")
    private List<String> ids = new ArrayList<>();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Only those whose reason, stage, class or message contains the text.")
    private Optional<String> reason = Optional.empty();

    @Option(names = "--key", paramLabel = "KEY", description = "Only those with this key.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = SINCE,
            paramLabel = "TIME",
            description = "Only those since this time: 2026-11-22T10:00:00Z, 2026-11-22, or 2h for two hours ago.")
    private Optional<String> since = Optional.empty();

    @Option(names = UNTIL, paramLabel = "TIME", description = "Only those before this time.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--all",
            description = "Also those that were replayed or discarded. Without another selection: every dead letter.")
    private boolean all;

    @Override
    protected final Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        DeadLetterFilter filter = filter(Instant.now());
        check(filter);
        AdminSettings read = AdminSettings.from(settings);
        List<RegisteredTable> many = registered(read);
        try (DlqSession session = many.isEmpty()
                ? new DlqSession(read, CommandClock.SYSTEM)
                : DlqSession.ofMany(read, many, CommandClock.SYSTEM)) {
            return run(session, filter, console);
        }
    }

    /** The tables of a stream of many; none where the source cannot be asked: the letters are elsewhere. */
    private static List<RegisteredTable> registered(AdminSettings settings) {
        try (Database source = Database.sourceOfAnyVersion(settings, Database.LOOK)) {
            return source.read(
                    "reading which tables the stream has",
                    connection ->
                            RegisteredTable.read(connection, settings.stream().name()));
        } catch (OutageException unknown) {
            return List.of();
        }
    }

    /** Throws if the command line is wrong, before anything is opened. */
    void check(DeadLetterFilter filter) {}

    /** Does it with the selected dead letters. */
    abstract Outcome run(DlqSession session, DeadLetterFilter filter, Console console)
            throws OutageException, InterruptedException;

    private DeadLetterFilter filter(Instant now) {
        SortedSet<DeadLetterId> chosen = new TreeSet<>();
        for (String text : ids) {
            chosen.add(DeadLetterId.parse(text)
                    .orElseThrow(() -> wrong(text + " is no id of a dead letter: PARTITION:OFFSET, such as 0:17")));
        }
        return new DeadLetterFilter(
                chosen,
                reason.map(text -> text.toLowerCase(Locale.ROOT)),
                key,
                time(SINCE, since, now).orElse(Instant.EPOCH),
                time(UNTIL, until, now).orElse(Instant.MAX),
                all);
    }

    private Optional<Instant> time(String option, Optional<String> typed, Instant now) {
        return typed.map(text -> DeadLetterFilter.time(text, now)
                .orElseThrow(() -> wrong(option + " is " + text
                        + ": a time like 2026-11-22T10:00:00Z or 2026-11-22, or how long ago, like 2h")));
    }
}
