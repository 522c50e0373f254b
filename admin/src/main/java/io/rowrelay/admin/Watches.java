package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.doctor.Applying;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Doctor;
import io.rowrelay.admin.doctor.OpenLetters;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Thresholds;
import io.rowrelay.admin.doctor.jdbc.DatabaseChecks;
import io.rowrelay.admin.doctor.jdbc.FormerPrimary;
import io.rowrelay.admin.doctor.kafka.TopicChecks;
import io.rowrelay.admin.doctor.kafka.TopicRules;
import io.rowrelay.admin.status.StreamServers;
import io.rowrelay.common.settings.StreamSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** The commands that look and change nothing, put together from their parts. */
final class Watches {
    private Watches() {}

    static Outcome doctor(AdminSettings settings, Arguments arguments, Console console) throws InterruptedException {
        try (StreamServers servers = new StreamServers(settings)) {
            return new Doctor(checks(settings, servers, Doctor.thresholds(arguments)), console).run(arguments);
        }
    }

    private static List<Check> checks(AdminSettings settings, StreamServers servers, Thresholds thresholds) {
        StreamNames names = names(settings);
        StreamSettings stream = settings.stream();
        TopicRules rules = new TopicRules(
                settings.kafka().servers(),
                stream.partitions(),
                stream.replicationFactor(),
                settings.tombstoneRetention());
        return Stream.of(
                        DatabaseChecks.source(
                                servers.sourceDatabase(), servers, names, thresholds, settings.retention()),
                        TopicChecks.of(servers.broker(), names, rules),
                        List.<Check>of(new FormerPrimary(
                                servers.sourceDatabase(),
                                new PatientTopics(settings, CommandClock.SYSTEM)::recentChanges,
                                stream.name())),
                        DatabaseChecks.destination(servers.sourceDatabase(), servers.destinationDatabase(), names),
                        List.<Check>of(
                                new OpenLetters(servers, stream.deadLetterTopic()),
                                new Applying(servers, thresholds, InstantSource.system())))
                .flatMap(List::stream)
                .toList();
    }

    private static StreamNames names(AdminSettings settings) {
        AdminSettings stream = settings;
        return new StreamNames(
                stream.stream().name(),
                stream.sourceTable(),
                stream.changeTable(),
                stream.destinationTable(),
                stream.stream().topic(),
                stream.stream().deadLetterTopic(),
                settings.groupId());
    }
}
