package io.rowrelay.admin;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.cutover.Cutover;
import io.rowrelay.admin.cutover.CutoverOptions;
import io.rowrelay.admin.cutover.StreamEnd;
import io.rowrelay.admin.cutover.jdbc.JdbcTableFacts;
import io.rowrelay.admin.dlq.DlqSession;
import io.rowrelay.admin.jdbc.SourceSessions;
import io.rowrelay.admin.status.DeadLetterCount;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.uninstall.Installation;
import io.rowrelay.admin.uninstall.StreamTopics;
import io.rowrelay.admin.uninstall.Uninstall;
import io.rowrelay.admin.uninstall.UninstallOptions;
import io.rowrelay.admin.uninstall.jdbc.JdbcInstallation;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands at the end of a stream, put together from their parts. */
final class Takeover {
    private Takeover() {}

    static Outcome cutover(AdminSettings settings, CutoverOptions options, Console console)
            throws OutageException, InterruptedException {
        String stream = settings.stream().name();
        String table = settings.destinationTable();
        try (StreamTables tables = new StreamTables(settings, CommandClock.SYSTEM);
                SourceSessions source = new SourceSessions(settings.source(), stream, settings.timeout());
                SourceSessions destination = new SourceSessions(settings.destination(), stream, settings.timeout())) {
            return new Cutover(
                            end(settings, tables),
                            new JdbcTableFacts(source, settings.sourceTable(), table),
                            new JdbcTableFacts(destination, table, table),
                            options,
                            console)
                    .run();
        }
    }

    private static StreamEnd end(AdminSettings settings, StreamTables tables) {
        PatientTopics topics = new PatientTopics(settings, CommandClock.SYSTEM);
        return new StreamEnd() {
            @Override
            public void awaitArrival(Progress progress) throws OutageException, InterruptedException {
                new CatchUp(tables, topics, CommandClock.SYSTEM).await(progress);
            }

            @Override
            public long lastActionId() throws OutageException {
                return tables.source(Optional.empty()).lastActionId();
            }

            @Override
            public DeadLetterCounts deadLetters() throws OutageException, InterruptedException {
                return DeadLetterCount.read(settings);
            }
        };
    }

    static Outcome uninstall(AdminSettings settings, UninstallOptions options, Console console)
            throws OutageException, InterruptedException {
        String stream = settings.stream().name();
        try (SourceSessions source = new SourceSessions(settings.source(), stream, settings.timeout());
                SourceSessions destination = new SourceSessions(settings.destination(), stream, settings.timeout())) {
            Map<String, Installation> installations = new LinkedHashMap<>();
            if (options.source()) {
                installations.put(
                        "source",
                        JdbcInstallation.source(source, stream, settings.sourceTable(), settings.changeTable()));
            }
            if (options.destination()) {
                installations.put(
                        "destination", JdbcInstallation.destination(destination, stream, settings.destinationTable()));
            }
            return new Uninstall(stream, installations, topics(settings), options, console).run();
        }
    }

    private static StreamTopics topics(AdminSettings settings) {
        List<String> names =
                List.of(settings.stream().topic(), settings.stream().deadLetterTopic());
        return new StreamTopics() {
            @Override
            public List<String> names() {
                return names;
            }

            @Override
            public Plan plan() throws OutageException, InterruptedException {
                List<String> kept = new ArrayList<>();
                try (DlqSession session = new DlqSession(settings, CommandClock.SYSTEM)) {
                    session.otherUsers()
                            .ifPresent(
                                    who -> kept.add("topic " + settings.stream().deadLetterTopic() + " stays: " + who));
                }
                return new Plan(
                        kept.isEmpty() ? names : List.of(settings.stream().topic()), kept);
            }

            @Override
            public void delete(List<String> topics) throws OutageException, InterruptedException {
                new PatientTopics(settings, CommandClock.SYSTEM).delete(topics);
            }
        };
    }
}
