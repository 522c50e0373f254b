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
import io.rowrelay.admin.look.Views;
import io.rowrelay.admin.status.Status;
import io.rowrelay.common.settings.StreamSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** The commands that look and change nothing, put together from their parts. */
final class Watches {
    private Watches() {}

    static Outcome status(AdminSettings settings, Arguments arguments, Console console) throws InterruptedException {
        try (Lookout lookout = new Lookout(settings)) {
            return new Status(settings.stream().name(), lookout.views(), console).run(arguments);
        }
    }

    static Outcome doctor(AdminSettings settings, Arguments arguments, Console console) throws InterruptedException {
        try (Lookout lookout = new Lookout(settings)) {
            return new Doctor(checks(settings, lookout, Doctor.thresholds(arguments)), console).run(arguments);
        }
    }

    private static List<Check> checks(AdminSettings settings, Lookout lookout, Thresholds thresholds) {
        StreamNames names = names(settings);
        StreamSettings stream = settings.stream();
        TopicRules rules = new TopicRules(
                settings.kafka().servers(),
                stream.partitions(),
                stream.replicationFactor(),
                settings.tombstoneRetention());
        Views views = lookout.views();
        return Stream.of(
                        DatabaseChecks.source(
                                lookout.source(), views.source(), names, thresholds, settings.retention()),
                        TopicChecks.of(lookout.kafka(), names, rules),
                        List.<Check>of(new FormerPrimary(
                                lookout.source(),
                                new PatientTopics(settings, CommandClock.SYSTEM)::recentChanges,
                                stream.name())),
                        DatabaseChecks.destination(lookout.source(), lookout.destination(), names),
                        List.<Check>of(
                                new OpenLetters(views.letters(), stream.deadLetterTopic()),
                                new Applying(views, thresholds, InstantSource.system())))
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
