package io.rowrelay.admin;

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
import io.rowrelay.admin.resync.DestinationTable;
import io.rowrelay.admin.resync.Resync;
import io.rowrelay.admin.resync.ResyncOptions;
import io.rowrelay.common.runtime.TransientFailureException;
import io.rowrelay.common.settings.StreamSettings;

/** The commands, put together from their parts. */
final class Session {
    private Session() {}

    static Outcome resync(AdminSettings settings, ResyncOptions options, Console console)
            throws TransientFailureException, InterruptedException {
        try (AdminDatabases databases = open(settings)) {
            return resync(databases, settings, options, console);
        }
    }

    static Outcome reanchor(AdminSettings settings, ResyncOptions options, Console console)
            throws TransientFailureException, InterruptedException {
        try (AdminDatabases databases = open(settings)) {
            DestinationTable destination = databases.destination(settings.destinationTable());
            AdminTopics topics = new AdminTopics(settings.kafka());
            try (Anchor anchor = databases.anchor()) {
                new Reanchor(
                                anchor,
                                destination,
                                topics.recentChanges(settings.stream().topic()),
                                console)
                        .run(options.dryRun());
            }
            return resync(databases, settings, options, console);
        }
    }

    static Outcome deadLetters(AdminSettings settings, DlqVerbs.Work work)
            throws TransientFailureException, InterruptedException {
        StreamSettings stream = settings.stream();
        try (LetterDatabases databases =
                new LetterDatabases(stream.name(), settings.source(), settings.destination())) {
            return work.run(new DlqParts(
                    stream.topic(),
                    stream.deadLetterTopic(),
                    new KafkaDlqTopic(settings.kafka(), stream.topic(), stream.deadLetterTopic()),
                    databases.marks(),
                    databases.rows(settings.sourceTable(), settings.destinationTable())));
        }
    }

    static AdminDatabases open(AdminSettings settings) throws TransientFailureException {
        return new AdminDatabases(
                settings.stream().name(),
                settings.source(),
                settings.destination(),
                settings.sourceTable(),
                settings.changeTable());
    }

    private static Outcome resync(
            AdminDatabases databases, AdminSettings settings, ResyncOptions options, Console console)
            throws TransientFailureException, InterruptedException {
        return new Resync(
                        databases.source(),
                        databases.destination(settings.destinationTable()),
                        new AdminTopics(settings.kafka())
                                .deadLetters(settings.stream().deadLetterTopic()),
                        options,
                        console)
                .run();
    }
}
