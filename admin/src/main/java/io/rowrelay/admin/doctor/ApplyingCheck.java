package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.status.DestinationStatus;
import io.rowrelay.admin.status.Lag;
import io.rowrelay.admin.status.StreamView;
import io.rowrelay.admin.status.TopicStatus;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.progress.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether what is in the topic gets applied, and all of it. */
final class ApplyingCheck {
    static final Problem CONSUMER_STUCK = Problem.problem(
            "consumer-stuck",
            "A consumer has the partition, but records wait for long. Its log and /health/ready say why, unless it is a foreign"
                    + " member of the group.");

    static final Problem RECORDS_DROPPED = Problem.problem(
            "records-dropped", "The topic dropped records before they were applied: these changes are lost.");

    static final Problem TOPIC_CUT = Problem.problem(
            "topic-cut",
            "The topic ends before the destination's progress: the broker lost acknowledged records. While both daemons run, these changes are published and applied again.");

    static final Problem TOPIC_REPLACED =
            Problem.problem("topic-replaced", "The topic was created again: what the former one still held is lost.");

    static final Problem DESTINATION_BEHIND = Problem.warning(
            "destination-behind",
            "The destination has applied less than the group has committed, as after a restore. The consumer "
                    + "reads again from there when it starts.");

    private static final Remedy LOOK = Remedy.byHand(
            "see the consumer's log and its /health/ready; where it is none of yours, stop it, and let nobody else read the group");

    private static final Remedy HEALS =
            Remedy.byHand("keep producer and consumer running, and look again in a minute; see to the broker");

    private static final Remedy INCOMPLETE =
            Remedy.byHand("only where the producer's log says that the change table did not have all" + " of it: "
                    + Programs.command("verify --repair"));

    static final Check CHECK = new Check(
            "applying",
            Subject.GROUP,
            Set.of(Need.TOPIC, Need.DESTINATION_SCRIPTS),
            List.of(
                    ConsumersCheck.CONSUMER_MISSING,
                    ConsumersCheck.GROUP_REBALANCING,
                    ConsumersCheck.PARTITION_UNASSIGNED,
                    CONSUMER_STUCK,
                    RECORDS_DROPPED,
                    TOPIC_CUT,
                    TOPIC_REPLACED,
                    DESTINATION_BEHIND),
            context -> look(context.servers(), context.late(), context.clock()));

    private ApplyingCheck() {}

    static List<CheckResult> look(StreamView view, Duration late, InstantSource clock)
            throws OutageException, InterruptedException {
        // Read before and after: progress in between must not look like a problem.
        DestinationStatus before = view.destination();
        TopicStatus topic = view.topic();
        DestinationStatus after = view.destination();
        Lag lag = Lag.of(topic, before);
        List<CheckResult> results = new ArrayList<>(ConsumersCheck.results(topic, lag));
        results.addAll(progress(topic, lag, after));
        if (topic.group().members() > 0) {
            stuck(view, lag, after, clock, late).ifPresent(results::add);
        }
        return results.isEmpty()
                ? List.of(CheckResult.ok(
                        "group " + topic.group().name() + " is " + topic.group().state() + ", members "
                                + topic.group().members() + "; " + lag.records() + " records wait"))
                : results;
    }

    private static List<CheckResult> progress(TopicStatus topic, Lag lag, DestinationStatus after) {
        List<CheckResult> results = new ArrayList<>();
        for (Lag.PartitionLag line : lag.partitions()) {
            String which = "partition " + line.partition().number();
            switch (line.fit()) {
                case FITS -> behind(topic, line.partition(), after).ifPresent(results::add);
                case DROPPED ->
                    results.add(CheckResult.found(
                            RECORDS_DROPPED,
                            which + ": " + line.unaccounted().orElse(0) + " records",
                            Remedy.resync()));
                case CUT ->
                    results.add(CheckResult.found(
                            TOPIC_CUT,
                            which + " ends " + line.unaccounted().orElse(0) + " records before it",
                            HEALS,
                            INCOMPLETE));
                case REPLACED ->
                    results.add(CheckResult.found(
                            TOPIC_REPLACED, which + " was applied from another topic", Remedy.resync()));
            }
        }
        return results;
    }

    private static Optional<CheckResult> behind(
            TopicStatus topic, TopicStatus.Partition partition, DestinationStatus after) {
        long committed = partition.committed().orElse(0);
        long applied = after.progress(partition.number())
                .filter(progress -> progress.topicId().equals(topic.topicId()))
                .map(PartitionProgress::nextOffset)
                .orElse(0L);
        return committed > applied
                ? Optional.of(CheckResult.found(
                        DESTINATION_BEHIND,
                        "partition " + partition.number() + " is applied up to " + applied + " and committed up to "
                                + committed,
                        Remedy.inShell(Programs.CONSUMER)))
                : Optional.empty();
    }

    private static String consumers(Lag lag, Set<Integer> partitions) {
        return lag.partitions().stream()
                .map(Lag.PartitionLag::partition)
                .filter(partition -> partitions.contains(partition.number()))
                .map(partition -> partition.consumer().orElse("nobody"))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Records wait for long, and nothing has moved for as long. */
    private static Optional<CheckResult> stuck(
            StreamView view, Lag lag, DestinationStatus after, InstantSource clock, Duration late)
            throws OutageException, InterruptedException {
        Map<Integer, Long> waiting = lag.unapplied();
        Instant tooLate = clock.instant().minus(late);
        waiting.keySet()
                .removeIf(number -> Optional.ofNullable(after.stored().get(number))
                        .filter(progress -> progress.updatedAt().isAfter(tooLate))
                        .isPresent());
        Optional<Instant> oldest = view.oldestChange(waiting).filter(changedAt -> !changedAt.isAfter(tooLate));
        return oldest.map(changedAt -> CheckResult.found(
                CONSUMER_STUCK,
                lag.records() + " records wait, the oldest for "
                        + Ages.text(Duration.between(changedAt, clock.instant())) + "; they are with "
                        + consumers(lag, waiting.keySet()),
                LOOK));
    }
}
