package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.status.DestinationStatus;
import io.rowrelay.admin.status.Lag;
import io.rowrelay.admin.status.StreamView;
import io.rowrelay.admin.status.TopicStatus;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what is in the topic gets applied, and all of it.
 *
 * @param view where it is seen
 * @param thresholds when a change is late
 * @param clock for its age
 */
public record Applying(StreamView view, Thresholds thresholds, InstantSource clock) implements Check {
    private static final Remedy LOOK = Remedy.byHand("see the consumer's log and its /health/ready");

    private static final Remedy HEALS =
            Remedy.byHand("keep producer and consumer running, and look again in a minute; see to the broker");

    private static final Remedy INCOMPLETE =
            Remedy.byHand("only where the producer's log says that the change table did not have all"
                    + " of it, or no producer of this version has run: " + Remedy.ADMIN + "verify --repair");

    @Override
    public String name() {
        return "applying";
    }

    @Override
    public Subject subject() {
        return Subject.GROUP;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.TOPIC, Need.DESTINATION_SCRIPTS);
    }

    @Override
    public List<Finding> look() throws OutageException, InterruptedException {
        // Before and after: what moves meanwhile must look like nothing that is wrong.
        DestinationStatus before = view.destination();
        TopicStatus topic = view.topic();
        DestinationStatus after = view.destination();
        Lag lag = Lag.of(topic, before);
        List<Finding> findings = new ArrayList<>(Assigned.judge(topic, lag));
        findings.addAll(places(topic, lag, after));
        if (topic.group().members() > 0) {
            stuck(lag, after).ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.sound(
                        "group " + topic.group().name() + " is " + topic.group().state() + ", members "
                                + topic.group().members() + "; " + lag.records() + " records wait"))
                : findings;
    }

    private static List<Finding> places(TopicStatus topic, Lag lag, DestinationStatus after) {
        List<Finding> findings = new ArrayList<>();
        for (Lag.PartitionLag line : lag.partitions()) {
            String which = "partition " + line.partition().number();
            switch (line.fit()) {
                case FITS -> behind(topic, line.partition(), after).ifPresent(findings::add);
                case DROPPED ->
                    findings.add(Finding.ill(
                            Ailment.RECORDS_DROPPED,
                            which + ": " + line.unaccounted().orElse(0) + " records",
                            Remedy.resync()));
                case CUT ->
                    findings.add(Finding.ill(
                            Ailment.TOPIC_CUT,
                            which + " ends " + line.unaccounted().orElse(0) + " records before it",
                            HEALS,
                            INCOMPLETE));
                case REPLACED ->
                    findings.add(Finding.ill(
                            Ailment.TOPIC_REPLACED, which + " was applied from another topic", Remedy.resync()));
            }
        }
        return findings;
    }

    private static Optional<Finding> behind(
            TopicStatus topic, TopicStatus.Partition partition, DestinationStatus after) {
        long committed = partition.committed().orElse(0);
        long applied = Optional.ofNullable(after.progress().get(partition.number()))
                .filter(place -> place.topicId().equals(topic.topicId()))
                .map(DestinationStatus.Progress::nextOffset)
                .orElse(0L);
        return committed > applied
                ? Optional.of(Finding.ill(
                        Ailment.DESTINATION_BEHIND,
                        "partition " + partition.number() + " is applied up to " + applied + " and committed up to "
                                + committed,
                        Remedy.inShell("java -jar consumer/target/consumer.jar")))
                : Optional.empty();
    }

    /** Records wait for long, and nothing has moved for as long. */
    private Optional<Finding> stuck(Lag lag, DestinationStatus after) throws OutageException, InterruptedException {
        Map<Integer, Long> waiting = lag.unapplied();
        Instant tooLate = clock.instant().minus(thresholds.late());
        waiting.keySet()
                .removeIf(number -> Optional.ofNullable(after.progress().get(number))
                        .filter(place -> place.updatedAt().isAfter(tooLate))
                        .isPresent());
        Optional<Instant> oldest = view.oldestChange(waiting).filter(changedAt -> !changedAt.isAfter(tooLate));
        return oldest.map(changedAt -> Finding.ill(
                Ailment.CONSUMER_STUCK,
                lag.records() + " records wait, the oldest for "
                        + Ages.text(Duration.between(changedAt, clock.instant())),
                LOOK));
    }
}
