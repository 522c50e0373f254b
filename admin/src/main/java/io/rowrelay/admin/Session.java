package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.dlq.DlqParts;
import io.rowrelay.admin.dlq.DlqTopic;
import io.rowrelay.admin.dlq.DlqVerbs;
import io.rowrelay.admin.dlq.LetterDatabases;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.StreamSettings;

/** The commands about dead letters, put together from their parts. */
final class Session {
    private Session() {}

    static Outcome deadLetters(AdminSettings settings, DlqVerbs.Work work)
            throws OutageException, InterruptedException {
        StreamSettings stream = settings.stream();
        try (LetterDatabases tables =
                new LetterDatabases(stream.name(), settings.source(), settings.destination(), settings.timeout())) {
            return work.run(new DlqParts(
                    stream.topic(),
                    stream.deadLetterTopic(),
                    new DlqTopic(settings, CommandClock.SYSTEM),
                    tables.marks(),
                    tables.rows(settings.sourceTable(), settings.destinationTable())));
        }
    }
}
