package io.rowrelay.admin.doctor;

import io.rowrelay.admin.look.Ages;
import io.rowrelay.admin.look.DestinationFacts;
import io.rowrelay.admin.look.Reckoning;
import io.rowrelay.admin.look.TopicFacts;
import io.rowrelay.admin.look.Views;
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
 * @param views where it is seen
 * @param thresholds when a change is late
 * @param clock for its age
 */
public record Applying(Views views, Thresholds thresholds, InstantSource clock) implements Check {
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
        DestinationFacts before = views.destination().look();
        TopicFacts topic = views.topic().look();
        DestinationFacts after = views.destination().look();
        Reckoning reckoning = Reckoning.of(topic, before);
        List<Finding> findings = new ArrayList<>(Assigned.judge(topic, reckoning));
        findings.addAll(places(topic, reckoning, after));
        if (topic.group().members() > 0) {
            stuck(reckoning, after).ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.sound(
                        "group " + topic.group().name() + " is " + topic.group().state() + ", members "
                                + topic.group().members() + "; " + reckoning.lag() + " records wait"))
                : findings;
    }

    private static List<Finding> places(TopicFacts topic, Reckoning reckoning, DestinationFacts after) {
        List<Finding> findings = new ArrayList<>();
        for (Reckoning.Line line : reckoning.partitions()) {
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

    private static Optional<Finding> behind(TopicFacts topic, TopicFacts.Partition partition, DestinationFacts after) {
        long committed = partition.committed().orElse(0);
        long applied = Optional.ofNullable(after.places().get(partition.number()))
                .filter(place -> place.topicId().equals(topic.topicId()))
                .map(DestinationFacts.Place::nextOffset)
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
    private Optional<Finding> stuck(Reckoning reckoning, DestinationFacts after)
            throws OutageException, InterruptedException {
        Map<Integer, Long> waiting = reckoning.unapplied();
        Instant tooLate = clock.instant().minus(thresholds.late());
        waiting.keySet()
                .removeIf(number -> Optional.ofNullable(after.places().get(number))
                        .filter(place -> place.updatedAt().isAfter(tooLate))
                        .isPresent());
        Optional<Instant> oldest = views.topic().oldestChange(waiting).filter(changedAt -> !changedAt.isAfter(tooLate));
        return oldest.map(changedAt -> Finding.ill(
                Ailment.CONSUMER_STUCK,
                reckoning.lag() + " records wait, the oldest for "
                        + Ages.text(Duration.between(changedAt, clock.instant())),
                LOOK));
    }
}
