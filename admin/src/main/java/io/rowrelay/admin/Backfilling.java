package io.rowrelay.admin;

import io.rowrelay.admin.backfill.Backfill;
import io.rowrelay.admin.backfill.BackfillOptions;
import io.rowrelay.admin.backfill.BackfillTable;
import io.rowrelay.admin.backfill.Candidates;
import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.catchup.StreamProgress;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.kafka.AdminTopics;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** The command backfill, put together from its parts. */
final class Backfilling {
    private Backfilling() {}

    static Outcome run(AdminSettings settings, Arguments arguments, Console console)
            throws OutageException, InterruptedException {
        BackfillOptions options = BackfillOptions.from(arguments);
        AdminTopics topics = new AdminTopics(settings.kafka(), settings.timeout());
        try (StreamTables tables = Session.open(settings)) {
            if (options.where().isPresent()) {
                Optional<String> refusal =
                        tables.refusalInSource(options.where().get());
                if (refusal.isPresent()) {
                    throw arguments.wrong(Arguments.WHERE + ": " + refusal.get());
                }
            }
            Backfill.Result result = new Backfill(
                            Candidates.read(tables, options.where()),
                            BackfillTable.read(tables),
                            tables.source(Optional.empty()),
                            tables.destination(fenced(tables)),
                            new CatchUp(
                                    StreamProgress.of(tables),
                                    topics.ends(settings.stream().topic())),
                            topics.deadLetters(settings.stream().deadLetterTopic()),
                            options,
                            options.json() ? console.aside() : console)
                    .run();
            if (options.json()) {
                console.say(result.json().toString());
            }
            return result.outcome();
        }
    }

    /** Which rows tell how far the stream was applied: with rows of other streams in the table none do, only its tombstones. */
    private static Optional<String> fenced(StreamTables tables) throws OutageException {
        return tables.writers().others().isEmpty() ? Optional.empty() : Optional.of("false");
    }
}
