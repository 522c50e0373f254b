package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DlqParts;
import io.rowrelay.admin.dlq.DlqTopic;
import io.rowrelay.admin.dlq.DlqVerbs;
import io.rowrelay.admin.dlq.LetterDatabases;
import io.rowrelay.admin.kafka.AdminTopics;
import io.rowrelay.admin.reanchor.Anchor;
import io.rowrelay.admin.reanchor.Reanchor;
import io.rowrelay.admin.resync.Resync;
import io.rowrelay.admin.resync.ResyncOptions;
import io.rowrelay.admin.tables.DeletionGuard;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.StreamSettings;
import java.util.Optional;

/** The commands, put together from their parts. */
final class Session {
    private Session() {}

    static Outcome resync(AdminSettings settings, Arguments arguments, Console console)
            throws OutageException, InterruptedException {
        ResyncOptions options = ResyncOptions.from(arguments);
        try (StreamTables tables = open(settings)) {
            refuseCondition(tables, options.where(), arguments);
            return resync(tables, settings, options, guard(tables, settings, options, console), console);
        }
    }

    static Outcome reanchor(AdminSettings settings, Arguments arguments, Console console)
            throws OutageException, InterruptedException {
        ResyncOptions options = ResyncOptions.from(arguments);
        try (StreamTables tables = open(settings)) {
            refuseCondition(tables, options.where(), arguments);
            // Before the anchor is set, not after: the resync must not be refused half way.
            DeletionGuard guard = guard(tables, settings, options, console);
            DestinationTable destination = tables.destination(Optional.empty());
            AdminTopics topics = new AdminTopics(settings.kafka(), settings.timeout());
            try (Anchor anchor = new Anchor(tables)) {
                new Reanchor(
                                anchor,
                                destination,
                                topics.recentChanges(settings.stream().topic()),
                                console)
                        .run(options.dryRun());
            }
            return resync(tables, settings, options, guard, console);
        }
    }

    /** What PostgreSQL says against a condition, on either side, is a mistake of the command line. */
    static void refuseCondition(StreamTables tables, Optional<String> where, Arguments arguments)
            throws OutageException {
        if (where.isPresent()) {
            Optional<String> refusal = tables.refusal(where.get());
            if (refusal.isPresent()) {
                throw arguments.wrong(Arguments.WHERE + ": " + refusal.get());
            }
        }
    }

    private static DeletionGuard guard(
            StreamTables tables, AdminSettings settings, ResyncOptions options, Console console)
            throws OutageException {
        String table = settings.destinationTable();
        DeletionGuard guard =
                new DeletionGuard(tables.writers(), table, options.where().isPresent(), options.confirmed(), console);
        guard.refuseForeignRows();
        return guard;
    }

    static Outcome deadLetters(AdminSettings settings, DlqVerbs.Work work)
            throws OutageException, InterruptedException {
        StreamSettings stream = settings.stream();
        try (LetterDatabases tables =
                new LetterDatabases(stream.name(), settings.source(), settings.destination(), settings.timeout())) {
            return work.run(new DlqParts(
                    stream.topic(),
                    stream.deadLetterTopic(),
                    new DlqTopic(settings.kafka(), stream.topic(), stream.deadLetterTopic(), settings.timeout()),
                    tables.marks(),
                    tables.rows(settings.sourceTable(), settings.destinationTable())));
        }
    }

    static StreamTables open(AdminSettings settings) throws OutageException {
        return new StreamTables(
                new StreamTables.Names(
                        settings.stream().name(),
                        settings.sourceTable(),
                        settings.changeTable(),
                        settings.destinationTable()),
                settings.source(),
                settings.destination(),
                settings.timeout());
    }

    private static Outcome resync(
            StreamTables tables, AdminSettings settings, ResyncOptions options, DeletionGuard guard, Console console)
            throws OutageException, InterruptedException {
        return new Resync(
                        tables.source(options.where()),
                        tables.destination(options.where()),
                        new AdminTopics(settings.kafka(), settings.timeout())
                                .deadLetters(settings.stream().deadLetterTopic()),
                        guard,
                        options,
                        console)
                .run();
    }
}
