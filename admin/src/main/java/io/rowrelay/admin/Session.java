package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DlqParts;
import io.rowrelay.admin.dlq.DlqVerbs;
import io.rowrelay.admin.jdbc.AdminDatabases;
import io.rowrelay.admin.jdbc.LetterDatabases;
import io.rowrelay.admin.kafka.AdminTopics;
import io.rowrelay.admin.kafka.KafkaDlqTopic;
import io.rowrelay.admin.reanchor.Anchor;
import io.rowrelay.admin.reanchor.Reanchor;
import io.rowrelay.admin.resync.DeletionGuard;
import io.rowrelay.admin.resync.DestinationTable;
import io.rowrelay.admin.resync.Resync;
import io.rowrelay.admin.resync.ResyncOptions;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.StreamSettings;
import java.util.Optional;

/** The commands, put together from their parts. */
final class Session {
    private Session() {}

    static Outcome resync(AdminSettings settings, Arguments arguments, Console console)
            throws OutageException, InterruptedException {
        ResyncOptions options = ResyncOptions.from(arguments);
        try (AdminDatabases databases = open(settings)) {
            refuseCondition(databases, settings, options.where(), arguments);
            return resync(databases, settings, options, guard(databases, settings, options, console), console);
        }
    }

    static Outcome reanchor(AdminSettings settings, Arguments arguments, Console console)
            throws OutageException, InterruptedException {
        ResyncOptions options = ResyncOptions.from(arguments);
        try (AdminDatabases databases = open(settings)) {
            refuseCondition(databases, settings, options.where(), arguments);
            // Before the anchor is set, not after: the resync must not be refused half way.
            DeletionGuard guard = guard(databases, settings, options, console);
            DestinationTable destination = databases.destination(settings.destinationTable(), Optional.empty());
            AdminTopics topics = new AdminTopics(settings.kafka(), settings.timeout());
            try (Anchor anchor = databases.anchor()) {
                new Reanchor(
                                anchor,
                                destination,
                                topics.recentChanges(settings.stream().topic()),
                                console)
                        .run(options.dryRun());
            }
            return resync(databases, settings, options, guard, console);
        }
    }

    /** What PostgreSQL says against a condition, on either side, is a mistake of the command line. */
    static void refuseCondition(
            AdminDatabases databases, AdminSettings settings, Optional<String> where, Arguments arguments)
            throws OutageException {
        if (where.isPresent()) {
            Optional<String> refusal = databases.refusal(where.get(), settings.destinationTable());
            if (refusal.isPresent()) {
                throw arguments.wrong(Arguments.WHERE + ": " + refusal.get());
            }
        }
    }

    private static DeletionGuard guard(
            AdminDatabases databases, AdminSettings settings, ResyncOptions options, Console console)
            throws OutageException {
        String table = settings.destinationTable();
        DeletionGuard guard = new DeletionGuard(
                databases.writers(table), table, options.where().isPresent(), options.confirmed(), console);
        guard.refuseForeignRows();
        return guard;
    }

    static Outcome deadLetters(AdminSettings settings, DlqVerbs.Work work)
            throws OutageException, InterruptedException {
        StreamSettings stream = settings.stream();
        try (LetterDatabases databases =
                new LetterDatabases(stream.name(), settings.source(), settings.destination(), settings.timeout())) {
            return work.run(new DlqParts(
                    stream.topic(),
                    stream.deadLetterTopic(),
                    new KafkaDlqTopic(settings.kafka(), stream.topic(), stream.deadLetterTopic(), settings.timeout()),
                    databases.marks(),
                    databases.rows(settings.sourceTable(), settings.destinationTable())));
        }
    }

    static AdminDatabases open(AdminSettings settings) throws OutageException {
        return new AdminDatabases(
                settings.stream().name(),
                settings.source(),
                settings.destination(),
                settings.sourceTable(),
                settings.changeTable(),
                settings.timeout());
    }

    private static Outcome resync(
            AdminDatabases databases,
            AdminSettings settings,
            ResyncOptions options,
            DeletionGuard guard,
            Console console)
            throws OutageException, InterruptedException {
        return new Resync(
                        databases.source(options.where()),
                        databases.destination(settings.destinationTable(), options.where()),
                        new AdminTopics(settings.kafka(), settings.timeout())
                                .deadLetters(settings.stream().deadLetterTopic()),
                        guard,
                        options,
                        console)
                .run();
    }
}
