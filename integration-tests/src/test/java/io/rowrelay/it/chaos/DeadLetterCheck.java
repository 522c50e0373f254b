package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Evidence.Captured;
import io.rowrelay.it.chaos.Evidence.DeadLetter;
import io.rowrelay.it.chaos.Evidence.Effect;
import io.rowrelay.it.chaos.Evidence.Place;
import io.rowrelay.it.chaos.Evidence.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every dead letter was provoked and is its record to the byte; all garbage is there; no poison took effect. */
final class DeadLetterCheck {
    private static final String NAME = "dead letters = provoked";

    private DeadLetterCheck() {}

    static List<Finding> findings(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        Set<Long> poison = new HashSet<>();
        evidence.captured().stream()
                .filter(each -> each.change().isPoison())
                .map(Captured::actionId)
                .forEach(poison::add);
        for (Effect effect : evidence.effects()) {
            if (poison.contains(effect.actionId())) {
                findings.add(new Finding(NAME, effect.key(), "poison took effect: " + effect));
            }
        }
        Map<Place, Published> topic = new HashMap<>();
        evidence.published().forEach(each -> topic.put(each.place(), each));
        evidence.garbage().forEach(each -> topic.put(each.place(), each));
        evidence.deadLetters().stream()
                .filter(each -> !isOfALostRecord(each, topic, evidence.losses()))
                .forEach(each -> findings.addAll(one(each, topic.get(each.origin()), poison)));
        missing(evidence)
                .forEach(each -> findings.add(new Finding(NAME, 0, "garbage that is no dead letter: " + each)));
        return findings;
    }

    private static boolean isOfALostRecord(DeadLetter letter, Map<Place, Published> topic, Losses losses) {
        Published record = topic.get(letter.origin());
        return losses.reach(letter.origin()) && (record == null || !letter.isOf(record));
    }

    private static List<Finding> one(
            DeadLetter letter, @org.jspecify.annotations.Nullable Published record, Set<Long> poison) {
        if (record == null) {
            return List.of(new Finding(NAME, 0, letter + " is of no record on the topic"));
        }
        List<Finding> findings = new ArrayList<>();
        if (!letter.isOf(record)) {
            findings.add(new Finding(NAME, record.key(), letter + " is not its record " + record.value()));
        }
        if (record.actionId() > 0 && !poison.contains(record.actionId())) {
            findings.add(new Finding(NAME, record.key(), letter + " was not provoked"));
        }
        return findings;
    }

    /** Garbage of which there is no dead letter. */
    static List<Published> missing(Evidence evidence) {
        Map<Place, List<DeadLetter>> refused = evidence.deadLettersByOrigin();
        return evidence.garbage().stream()
                .filter(each -> refused.getOrDefault(each.place(), List.of()).stream()
                        .noneMatch(letter -> evidence.losses().isEmpty() || letter.isOf(each)))
                .toList();
    }
}
